# tries: loads a pickle that runs code and reads the secret
# observe: it can do no more than the program could
# expect: contained
import pickle


class Bomb:
    def __reduce__(self):
        return (eval, (f"print(open({HOST_SECRET!r}).read())",))


try:
    pickle.loads(pickle.dumps(Bomb()))
except Exception as error:
    print(type(error).__name__)


class Shell:
    def __reduce__(self):
        import os

        return (os.system, (f"cat {HOST_SECRET}; echo hostile > {HOST_MARKER}",))


try:
    pickle.loads(pickle.dumps(Shell()))
except Exception as error:
    print(type(error).__name__)
