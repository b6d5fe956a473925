import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { analyse, analyseWith } from './analyse.ts'
import { type PythonTools, pythonTools } from './parse.ts'
import type { FindingKind, SymbolicReport } from './report.ts'

let tools: PythonTools

beforeAll(async () => {
  tools = await pythonTools()
})

const read = (source: string): SymbolicReport => analyseWith(tools, source)
const kinds = (source: string): FindingKind[] => read(source).findings.map(f => f.kind)

describe('the method', () => {
  it.each([
    ['import itertools as it\nprint([p for p in it.permutations("abc") if p[0] < p[1]])', 'enumeration'],
    [
      'from itertools import product as P\nfor a, b in P(range(9), repeat=2):\n    if a * b == 42:\n        print(a)',
      'enumeration',
    ],
    [
      'import math, itertools\nprint(sum(1 for c in itertools.combinations(range(5), 2) if sum(c) == 4))',
      'enumeration',
    ],
    ['from z3 import *\ns = Solver()\nx = Int("x")\ns.add(x > 3)\ns.check()\nprint(s.model())', 'solver'],
    ['import networkx as nx\ng = nx.Graph([(1, 2)])\nprint(nx.shortest_path(g, 1, 2))', 'solver'],
    [
      'def even(n): return True if n == 0 else odd(n - 1)\ndef odd(n): return False if n == 0 else even(n - 1)\nprint(even(10))',
      'recursion',
    ],
    [
      'from functools import cache as keep\nimport functools\n@functools.cache\ndef f(n): return n if n < 2 else f(n-1) + f(n-2)\nprint(f(50))',
      'dynamic-programming',
    ],
    ['print(123456789 * 987654321)', 'computation'],
    ['d = {"a": "x", "b": "y"}\nk = "a"\nprint(d[k])', 'lookup'],
    ['print("<<<42>>>")', 'hard-coded'],
    ['', 'no-code'],
    ['# for if while\n"""try it"""', 'no-code'],
  ])('of %j is %s', (source, method) => {
    expect(read(source).method).toBe(method)
  })

  it('ignores words in strings and comments', () => {
    const plain = read('x = 3\nprint(x + 4)')
    const wordy = read('x = 3  # for each if while try permutations\nprint(x + 4)  # itertools eval(x)')
    expect({ ...wordy, findings: [] }).toEqual({ ...plain, findings: [] })
    expect(read('print("for x in y: if z: q.popleft() q.append(eval(1))")').method).toBe('hard-coded')
  })
})

describe('a typed answer is seen through', () => {
  it.each([
    'answer = 42\nprint(f"<<<{answer}>>>")',
    'rows = [[1, 2], [3, 4]]\nprint("\\n".join(" ".join(str(c) for c in row) for row in rows))',
    'def solve():\n    for i in range(9):\n        x = i * i\n    return "42"\nprint(solve())',
    'e = "(9-5)*6"\nif eval(e) == 24:\n    print("<<<" + e + ">>>")',
    'import itertools\nbest = min(itertools.permutations([3, 1, 2]))\nprint("<<<1 2 3>>>")',
    'steps = []\nsteps.append("up")\nsteps.append("down")\nfor i, s in enumerate(steps):\n    print(f"{i + 1}. {s}")',
  ])('%j', source => {
    const report = read(source)
    expect(report).toMatchObject({ method: 'hard-coded', lazy: true })
    expect(report.score).toBeLessThanOrEqual(0.5)
    expect(report.reasons.length).toBeGreaterThan(0)
  })

  it.each([
    'found = False\nfor a in range(9):\n    for b in range(9):\n        if a * b == 35:\n            found = True\nprint("yes" if found else "no")',
    'ok = "abcba"[::-1] == "abcba"\nif ok:\n    print("<<<yes>>>")\nelse:\n    print("<<<no>>>")',
    'n, steps = 27, 0\nwhile n != 1:\n    n = n // 2 if n % 2 == 0 else 3 * n + 1\n    steps += 1\nprint(steps)',
    'from collections import deque\nq = deque(range(1, 42))\nwhile len(q) > 1:\n    q.rotate(-2)\n    q.popleft()\nprint(q[0])',
    'def go(n):\n    if n < 2:\n        return "A"\n    return "B" if go(n - 2) == "A" else "A"\nprint(go(17))',
  ])('and worked-out answers are not accused: %j', source => {
    expect(read(source).lazy).toBe(false)
  })
})

describe('the slice', () => {
  it('holds what a function returns and what it changes, whichever the output needs first', () => {
    const source = `def f():
    global n
    n += 1
    total = 0
    for i in range(9):
        total += i * i
    return total
n = 0
x = f()
`
    for (const print of ['print(x, n)', 'print(n, x)']) {
      const report = read(source + print)
      expect(report.deadLines, print).toBe(1) // `global n`
      expect(report.findings.map(f => f.kind)).not.toContain('unused-result')
    }
  })
})

describe('findings', () => {
  it('name what is unused, with its line', () => {
    const source = 'import re\ndef solve():\n    return 1\ndata = [1, 2]\nfor i in [1]:\n    j = i * 2\nprint(2 ** 70)'
    const found = read(source).findings.map(f => [f.kind, f.line])
    expect(found).toContainEqual(['unused-import', 1])
    expect(found).toContainEqual(['unused-function', 2])
    expect(found).toContainEqual(['unused-data', 4])
    expect(found).toContainEqual(['unused-result', 5])
  })

  it('name code that can never run', () => {
    expect(kinds('def f():\n    return 1\n    print(2)\nprint(f())')).toContain('dead-code')
    expect(kinds('if False:\n    print(1 + 1)\nprint(3 * 4)')).toContain('dead-code')
    expect(kinds('def f(x):\n    if x:\n        return 1\n    return 2\nprint(f(3))')).not.toContain('dead-code')
  })

  it('name loops without a way out, and no others', () => {
    expect(kinds('x = 1\nwhile True:\n    x += 1\nprint(x)')).toContain('endless-loop')
    expect(kinds('x = 1\nwhile x < 5:\n    print(x)')).toContain('endless-loop')
    expect(kinds('x = 1\nwhile True:\n    x += 1\n    if x > 5:\n        break\nprint(x)')).not.toContain(
      'endless-loop',
    )
    expect(kinds('def g():\n    while True:\n        yield 1\nprint(next(g()))')).not.toContain('endless-loop')
    expect(kinds('q = [1]\nwhile q:\n    print(q.pop())')).not.toContain('endless-loop')
  })

  it('name brute force that cannot finish', () => {
    const tour = (n: number) => `import itertools\nxs = list(range(${n}))\nprint(min(itertools.permutations(xs)))`
    expect(kinds(tour(12))).toContain('too-many-cases')
    expect(kinds(tour(9))).not.toContain('too-many-cases')
    expect(kinds('from itertools import product\nprint(max(product(range(10), repeat=12)))')).toContain(
      'too-many-cases',
    )
  })

  it('name what the sandbox refuses and input that never comes', () => {
    expect(kinds('n = int(input())\nprint(n * 2)')).toContain('needs-input')
    expect(kinds('import requests as r\nprint(r.get("http://x").text)')).toContain('refused')
    expect(kinds('def input(): return 3\nprint(input() * 7)')).not.toContain('needs-input')
  })

  it('name equality of rounded numbers', () => {
    expect(kinds('for a in range(1, 9):\n    if a / 3 == 2.1:\n        print(a)')).toContain('float-equality')
    expect(kinds('for a in range(1, 9):\n    if a // 3 == 2:\n        print(a)')).not.toContain('float-equality')
  })

  it('carry the place and an excerpt', () => {
    const [finding] = read('total = 0\nwhile True:\n    total += 1\nprint(total)').findings.filter(
      f => f.kind === 'endless-loop',
    )
    expect(finding).toMatchObject({ line: 2, endLine: 3, excerpt: 'while True:' })
  })
})

describe('syntax', () => {
  it('tells the line of what Python refuses, parser or compiler', () => {
    expect(read('x = 1\nprint "x"').syntaxError).toMatchObject({ line: 2 })
    expect(read('for i in range(3):\nprint(i)').syntaxError).toMatchObject({ line: 2 })
    expect(read('x = 1\nreturn x').syntaxError).toMatchObject({ line: 2 })
    expect(read('def f():\n    x = 1\n    nonlocal x').syntaxError).not.toBeNull()
    expect(read('x=1\r\nif x:\r\n\tprint(x)\r\n').syntaxError).toBeNull()
    expect(read('x = 1\rprint(x)').syntaxError).toBeNull()
  })

  it('still sees the approach of a broken program', () => {
    const report = read('```python\nimport itertools\nfor p in itertools.permutations("ab"):\n    print(p)\n```')
    expect(report).toMatchObject({ score: 0, method: 'enumeration' })
    expect(report.syntaxError).toMatchObject({ line: 1 })
  })
})

describe('totality', () => {
  const words = [
    'for ',
    'if ',
    'def f(',
    'while ',
    'x',
    '=',
    '(',
    ')',
    '[',
    ']',
    ':',
    '\n',
    '    ',
    '"',
    "'",
    'f"{',
    '}',
    'import ',
    'lambda ',
    '#',
    '\\',
    '1',
    '+',
    ',',
    '.',
    '\t',
    '\r',
    '\0',
    '\ud800',
    'é',
    'class A',
    'yield ',
    'return ',
    'print(',
    '*',
    'global ',
    'match x:',
    '@',
    ';',
    'del ',
    'as ',
  ]

  it('gives any string a report, the same one each time', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(fc.constantFrom(...words), { maxLength: 60 }).map(parts => parts.join('')),
    )
    fc.assert(
      fc.property(text, source => {
        const report = read(source)
        const told = JSON.stringify(report)
        const placed = report.findings.every(f => f.line >= 1 && f.endLine >= f.line)
        return report.score >= 0 && placed && JSON.stringify(read(source)) === told
      }),
      { numRuns: 200, seed: 7 },
    )
  }, 60_000)

  const deep = 10_000
  it.each([
    ['open brackets', '('.repeat(deep)],
    ['closed brackets', `${'['.repeat(deep)}${']'.repeat(deep)}`],
    ['signs', `x = ${'-'.repeat(deep)}1`],
    ['stars', '*'.repeat(deep)],
    ['sums', `x = ${'1 + '.repeat(deep)}1`],
    ['attributes', `x${'.a'.repeat(deep)}`],
    ['lambdas', `x = ${'lambda: '.repeat(deep)}1`],
    ['indentation', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}if x:`).join('\n')],
    ['f-strings', 'f"{'.repeat(2000)],
    ['quotes', '"'.repeat(9999)],
    [
      'chained names',
      `${Array.from({ length: 900 }, (_, i) => `def f${i}(a): return f${i + 1}(a)`).join('\n')}\nprint(f0(1))`,
    ],
  ])('survives %s without end', (_name, source) => {
    expect(read(source).score).toBeGreaterThanOrEqual(0)
    // The parsers are sound afterwards.
    expect(read('print(2 ** 100)').syntaxError).toBeNull()
  })

  it('takes `global` at module level for nothing', () => {
    expect(read('global x\nx = 2 ** 70\nprint(x)')).toMatchObject({ method: 'computation', lazy: false })
  })

  // Each took minutes, or for ever, while a rule was quadratic or worse. On an idle machine they take 5 to 60 ms.
  const many = (n: number, line: (i: number) => string) => Array.from({ length: n }, (_, i) => line(i)).join('')
  it.each([
    ['lens in lens', `x = [1]\nprint(${'len('.repeat(60)}x${')'.repeat(60)})`],
    ['choices in choices', `x = 1\nprint(${'('.repeat(60)}x${' if x else 2)'.repeat(60)})`],
    ['comparisons in comparisons', `x = 1\nprint(${'('.repeat(60)}x${' < x)'.repeat(60)})`],
    ['methods of one name', `class A:\n${many(2500, i => `    def m(self): return self.m() + ${i}\n`)}print(A().m())`],
    ['clauses of a comprehension', `print([a ${many(3000, i => `for a${i} in range(3) `)}])`],
    ['calls that change an argument', `def f(a):\n    a.append(1)\nx = []\n${many(9000, () => 'f(x)\n')}print(x)`],
    ['recursive calls', `def f(n):\n${many(3000, i => `    m${i}[n] = f(n - 1)\n`)}    return m0[n]\nprint(f(3))`],
    ['branches', `x = 5\nif x == 0:\n    print(0)\n${many(5000, i => `elif x == ${i}:\n    print(${i})\n`)}`],
  ])('reads very many %s in time', (_name, source) => {
    const start = performance.now()
    expect(read(source).score).toBeGreaterThanOrEqual(0)
    expect(performance.now() - start).toBeLessThan(5000)
  })

  it('loads by itself', async () => {
    expect((await analyse('print(1)')).method).toBe('hard-coded')
  })
})
