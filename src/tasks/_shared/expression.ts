import { type ArithmeticOperator, apply, type Rational, rational } from './rational.ts'

/** An arithmetic expression over whole numbers. */
export type Expression =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'binary'; readonly op: ArithmeticOperator; readonly left: Expression; readonly right: Expression }

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string }

/** Longest text that is read as an expression; longer ones are refused unread. */
const maxLength = 20_000
/** Deepest nesting; keeps the recursion far from the stack's end. */
const maxDepth = 400

const spellings: readonly (readonly [RegExp, string])[] = [
  [/\\left|\\right|\\displaystyle|\\[,;!: ]/g, ' '],
  [/\\times|\\cdot|\\ast|[×⋅·∗✕✖⨯]/g, '*'],
  [/\\div|[÷∕⁄]/g, '/'],
  [/[−–—‐‑]/g, '-'],
  [/[＋]/g, '+'],
  [/[\u00a0\u2000-\u200b\u202f\u3000]/g, ' '],
]

/**
 * Reads `+ - * /`, parentheses and whole numbers, also in the LaTeX (`\times`, `\div`, `\frac{1}{2}`) and Unicode
 * spellings that models use. No unary operators, powers, names or decimals. Total: never throws, never evaluates.
 */
export function parseExpression(text: string): Parsed<Expression> {
  if (text.length > maxLength) return { ok: false, why: `longer than ${maxLength} characters` }
  let source = text
  for (const [pattern, plain] of spellings) source = source.replace(pattern, plain)
  source = source.replace(/\\[dt]?frac\s*\{\s*(\d+)\s*\}\s*\{\s*(\d+)\s*\}/g, '($1/$2)')
  const tokens = source.match(/\d+|\S/g) ?? []
  let at = 0
  let problem: string | null = null
  const fail = (why: string): null => {
    problem ??= why
    return null
  }
  const sum = (depth: number): Expression | null => chain(['+', '-'], product, depth)
  const product = (depth: number): Expression | null => chain(['*', '/'], primary, depth)
  function chain(ops: readonly string[], next: (depth: number) => Expression | null, depth: number): Expression | null {
    let left = next(depth)
    while (left !== null && ops.includes(tokens[at] ?? '')) {
      const op = tokens[at++] as ArithmeticOperator
      const right = next(depth)
      left = right === null ? null : { kind: 'binary', op, left, right }
    }
    return left
  }
  function primary(depth: number): Expression | null {
    const token = tokens[at]
    if (token === undefined) return fail('the expression ends where a number is expected')
    if (/^[0-9]/.test(token)) {
      at++
      return { kind: 'number', value: BigInt(token) }
    }
    if (token !== '(') return fail(`"${token}" stands where a number or "(" is expected`)
    if (depth >= maxDepth) return fail(`nested deeper than ${maxDepth} parentheses`)
    at++
    const inner = sum(depth + 1)
    if (inner === null) return null
    if (tokens[at] !== ')') return fail('a "(" is not closed')
    at++
    return inner
  }
  const value = sum(0)
  if (value === null) return { ok: false, why: problem ?? 'not an expression' }
  if (at < tokens.length) return { ok: false, why: `"${tokens[at]}" is left over after the expression` }
  return { ok: true, value }
}

/** The whole numbers of an expression, left to right. */
export function leaves(expression: Expression): bigint[] {
  const found: bigint[] = []
  // An explicit stack: a chain of thousands of terms leans to the left.
  const stack: Expression[] = [expression]
  while (stack.length > 0) {
    const node = stack.pop()!
    if (node.kind === 'number') found.push(node.value)
    else stack.push(node.right, node.left)
  }
  return found
}

/** The exact value, or null where it divides by zero. */
export function evaluate(expression: Expression): Rational | null {
  type Task = { readonly node: Expression } | { readonly op: ArithmeticOperator }
  const work: Task[] = [{ node: expression }]
  const values: (Rational | null)[] = []
  while (work.length > 0) {
    const task = work.pop()!
    if ('op' in task) {
      const right = values.pop() ?? null
      const left = values.pop() ?? null
      values.push(left && right ? apply(task.op, left, right) : null)
    } else if (task.node.kind === 'number') values.push(rational(task.node.value))
    else work.push({ op: task.node.op }, { node: task.node.right }, { node: task.node.left })
  }
  return values[0] ?? null
}
