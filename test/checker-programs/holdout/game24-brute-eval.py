# label: {"adequate": true, "method": "enumeration"}
import itertools as _it
forms = ["(({}{}{}){}{}){}{}", "({}{}({}{}{})){}{}", "({}{}{}){}({}{}{})", "{}{}({}{}{}{}{})"]
def search(ns):
    for a, b, c, d in _it.permutations(ns):
        for p, q, r in _it.product("+-*/", repeat=3):
            for form in forms:
                e = form.format(a, p, b, q, c, r, d)
                try:
                    if abs(eval(e) - 24) < 1e-6:
                        return e
                except ZeroDivisionError:
                    pass
print(f"<<<{search([3, 3, 8, 8])}>>>")
