import { type Binding, type FunctionInfo, isComprehension, type Program } from './names.ts'
import { codeOf, NodeMap, operatorBetween, type PyNode, textOf, unwrap } from './tree.ts'
import { dressing, dressingMethods, listing, numeric } from './vocabulary.ts'

/**
 * How far a value is from what was typed in: 0 a literal, 1 literals rearranged or formatted, 2 picked out of a typed
 * table by a typed key, 3 worked out.
 */
export type Level = 0 | 1 | 2 | 3
export type Kind = 'text' | 'number' | 'list' | 'dict' | 'other' | 'unknown'

/** Compared by identity: `valueAt` gives the same object for the same level and kind. */
export interface Value {
  readonly level: Level
  readonly kind: Kind
}

const everyLevel = (kind: Kind): readonly Value[] => ([0, 1, 2, 3] as const).map(level => ({ level, kind }))
const values: Readonly<Record<Kind, readonly Value[]>> = {
  text: everyLevel('text'),
  number: everyLevel('number'),
  list: everyLevel('list'),
  dict: everyLevel('dict'),
  other: everyLevel('other'),
  unknown: everyLevel('unknown'),
}

export function valueAt(level: Level, kind: Kind): Value {
  return values[kind][level]!
}

export const literal = (kind: Kind): Value => valueAt(0, kind)
export const derived = (kind: Kind = 'other'): Value => valueAt(3, kind)

/** An expression in which no name stands has the same value in every epoch. */
const forever = -1

/** Judges expressions, given what is known of names and functions so far. */
export class Expressions {
  /** By `Binding.id`. */
  private readonly names: (Value | undefined)[] = []
  private readonly functions = new Map<FunctionInfo, Value>()
  /** Names that only count positions. */
  readonly indexNames = new Set<Binding>()
  private readonly program: Program
  private readonly known: NodeMap<Value>
  /** The epoch in which the known value of a node was found, or `forever`. */
  private readonly foundIn: Int32Array
  /** Grows with every change of a name or function. */
  private epoch = 1
  private usesNames = false

  constructor(program: Program) {
    this.program = program
    this.known = new NodeMap(program.tree)
    this.foundIn = new Int32Array(program.tree.nodes.length)
  }

  /** Returns whether this is news. */
  learnName(binding: Binding, value: Value): boolean {
    if (this.names[binding.id] === value) return false
    this.names[binding.id] = value
    this.epoch++
    return true
  }

  /** Returns whether this is news. */
  learnFunction(fn: FunctionInfo, value: Value): boolean {
    if (this.functions.get(fn) === value) return false
    this.functions.set(fn, value)
    this.epoch++
    return true
  }

  value(node: PyNode): Value {
    switch (node.type) {
      case 'identifier':
        return this.ofName(node)
      case 'integer':
      case 'float':
        return literal('number')
    }
    const foundIn = this.foundIn[node.id]!
    if (foundIn === forever) return this.known.get(node)!
    if (foundIn === this.epoch) {
      this.usesNames = true
      return this.known.get(node)!
    }
    const outer = this.usesNames
    this.usesNames = false
    const value = this.ofExpression(node)
    this.known.set(node, value)
    this.foundIn[node.id] = this.usesNames ? this.epoch : forever
    this.usesNames ||= outer
    return value
  }

  highest(nodes: readonly PyNode[]): Level {
    let level: Level = 0
    for (const node of nodes) {
      level = max(level, this.value(node).level)
      if (level === 3) break
    }
    return level
  }

  private ofExpression(node: PyNode): Value {
    const kids = node.children
    switch (node.type) {
      case 'true':
      case 'false':
      case 'none':
      case 'ellipsis':
        return literal('other')
      case 'string':
      case 'concatenated_string':
        return kids.length === 0 ? literal('text') : valueAt(max(1, this.highest(kids)), 'text')
      case 'call':
        return this.ofCall(node)
      case 'binary_operator':
        return this.ofOperation(node)
      case 'comparison_operator':
        return this.ofComparison(node)
      case 'boolean_operator':
        return valueAt(this.highest(kids) >= 1 || this.logicSize(node) > 2 ? 3 : 0, 'other')
      case 'not_operator':
        return valueAt(this.highest(kids), 'other')
      case 'unary_operator':
        return kids[0] ? this.value(kids[0]) : literal('number')
      case 'subscript':
        return this.ofSubscript(node)
      case 'attribute':
        return this.ofAttribute(node)
      case 'conditional_expression':
        return valueAt(this.highest(kids), kids[0] ? this.value(kids[0]).kind : 'unknown')
      case 'list':
      case 'set':
      case 'tuple':
      case 'expression_list':
        return valueAt(this.highest(kids), 'list')
      case 'dictionary':
        return valueAt(this.highest(kids), 'dict')
      case 'lambda':
        return literal('other')
      case 'keyword_argument':
        return kids[1] ? this.value(kids[1]) : literal('unknown')
      case 'parenthesized_expression':
        return kids[0] ? this.value(kids[0]) : literal('unknown')
    }
    if (isComprehension(node)) return valueAt(this.ofComprehension(node), 'list')
    return valueAt(this.highest(kids), 'unknown')
  }

  private ofName(node: PyNode): Value {
    this.usesNames = true
    const binding = this.program.refs.get(node)
    if (!binding) return textOf(this.program.tree, node) === '__name__' ? literal('text') : literal('unknown')
    if (binding.fn) return this.functions.get(binding.fn) ?? literal('unknown')
    return this.names[binding.id] ?? literal('unknown')
  }

  private ofCall(node: PyNode): Value {
    const call = this.program.callOf.get(node)
    if (!call) return derived()
    if (call.fns.length > 0 && call.fns[0]!.name !== '__init__') return this.ofLocalCall(call.fns)
    const level = this.highest(call.args)
    const first = call.args[0]
    if (call.callee.startsWith('.')) return this.ofMethod(node, call.callee.slice(1), level)
    if (call.callee === 'len') {
      return first && this.value(first).kind !== 'text' && level < 2 ? valueAt(1, 'number') : derived('number')
    }
    if (call.callee === 'range') return valueAt(max(1, level), 'list')
    if (!dressing.has(call.callee)) return derived(numeric.has(call.callee) ? 'number' : 'other')
    const kind: Kind =
      call.callee === 'str' || call.callee === 'repr' ? 'text' : listing.has(call.callee) ? 'list' : 'other'
    if (call.callee === 'map' && first) return this.ofMapped(call.args, level)
    return valueAt(max(level, 1), call.callee === 'int' || call.callee === 'float' ? 'number' : kind)
  }

  private ofMapped(args: readonly PyNode[], level: Level): Value {
    const name = textOf(this.program.tree, args[0]!)
    const dresses = dressing.has(name) || name === 'str.strip'
    return dresses ? valueAt(max(1, this.highest(args.slice(1))), 'list') : valueAt(max(level, 3), 'list')
  }

  private ofLocalCall(fns: readonly FunctionInfo[]): Value {
    this.usesNames = true
    let level: Level = 0
    let kind: Kind = 'unknown'
    for (const fn of fns) {
      const value = this.functions.get(fn) ?? literal('unknown')
      level = max(level, value.level)
      kind = join(kind, value.kind)
    }
    return valueAt(level, kind)
  }

  private ofMethod(node: PyNode, method: string, argsLevel: Level): Value {
    const owner = node.children[0]!.children[0]
    const object = owner ? this.value(owner) : literal('unknown')
    const level = max(object.level, argsLevel)
    if (dressingMethods.has(method)) return valueAt(max(level, 1), method === 'split' ? 'list' : 'text')
    if (method === 'get' || method === 'pop' || method === 'popleft') {
      return valueAt(max(level, object.kind === 'dict' ? 2 : 1), 'unknown')
    }
    return derived(numeric.has(`.${method}`) ? 'number' : 'other')
  }

  private ofOperation(node: PyNode): Value {
    const [left, right] = node.children
    if (!left || !right) return derived()
    const a = this.value(left)
    const b = this.value(right)
    const level = max(a.level, b.level)
    const operator = operatorBetween(this.program.tree, left, right)
    if (operator === '+' && (isSequence(a) || isSequence(b)))
      return valueAt(max(level, 1), a.kind === 'unknown' ? b.kind : a.kind)
    if (operator === '%' && a.kind === 'text') return valueAt(max(level, 1), 'text')
    if (operator === '*' && (isSequence(a) || isSequence(b)))
      return valueAt(max(level, 1), isSequence(a) ? a.kind : b.kind)
    const shifts = (operator === '+' || operator === '-') && right.type === 'integer'
    const name = unwrap(left)
    if (shifts && name.type === 'identifier') {
      const binding = this.program.refs.get(name)
      if (binding && this.indexNames.has(binding)) return valueAt(max(level, 1), 'number')
    }
    return derived('number')
  }

  private ofComparison(node: PyNode): Value {
    const [left, right] = node.children
    if (!left || !right) return derived()
    const level = this.highest(node.children)
    if (level === 0) return literal('other')
    const operator = operatorBetween(this.program.tree, left, right)
    const isMembership = operator === 'in' || operator === 'not in'
    if (isMembership && this.value(right).kind === 'dict' && level < 3) return valueAt(max(level, 2), 'other')
    // Only positions against typed bounds: "not the first line".
    const positional = node.children.every(part => this.isPositional(part))
    return positional ? valueAt(1, 'other') : derived()
  }

  private isPositional(node: PyNode): boolean {
    if (node.type === 'integer') return true
    const isShifted =
      node.type === 'binary_operator' &&
      node.children[1]?.type === 'integer' &&
      /[-+]/.test(codeOf(this.program.tree, node))
    const inner = isShifted ? node.children[0]! : node
    const binding = this.program.refs.get(inner)
    if (binding) return this.indexNames.has(binding)
    return node.type === 'call' && this.program.callOf.get(node)?.callee === 'len' && this.value(node).level < 2
      ? true
      : /^len\(\w+\) - 1$/.test(textOf(this.program.tree, node))
  }

  /** How many operands a nest of and, or, not joins. */
  private logicSize(node: PyNode): number {
    const inner = unwrap(node)
    if (inner.type !== 'boolean_operator' && inner.type !== 'not_operator') return 1
    return inner.children.reduce((sum, child) => sum + this.logicSize(child), 0)
  }

  private ofSubscript(node: PyNode): Value {
    const [object, ...indices] = node.children
    if (!object) return derived()
    const base = this.value(object)
    const index = indices[0]
    const level = max(base.level, this.highest(indices))
    if (index?.type === 'slice') {
      const reverses = /:\s*-/.test(textOf(this.program.tree, index)) || base.kind === 'text'
      return valueAt(reverses ? 3 : max(level, 1), base.kind)
    }
    const byName = index?.type === 'identifier' || index?.type === 'string' || index?.type === 'tuple'
    const isTable = base.kind === 'dict' || (base.kind === 'unknown' && index?.type === 'string')
    if (isTable && byName) return valueAt(max(level, 2), 'unknown')
    return valueAt(max(level, 1), base.kind === 'text' ? 'text' : 'unknown')
  }

  private ofAttribute(node: PyNode): Value {
    const name = node.children[1] ? textOf(this.program.tree, node.children[1]) : ''
    const binding = this.program.attributes.get(name)
    if (binding) {
      this.usesNames = true
      return this.names[binding.id] ?? literal('unknown')
    }
    const object = node.children[0] ? this.value(node.children[0]) : literal('unknown')
    return valueAt(object.level, 'unknown')
  }

  private ofComprehension(node: PyNode): Level {
    let level: Level = 0
    for (const child of node.children) {
      if (child.type === 'for_in_clause') level = max(level, this.highest(child.children.slice(1)))
      else if (child.type === 'if_clause') level = max(level, this.highest(child.children))
      else level = max(level, this.value(child).level)
    }
    return max(level, 1)
  }
}

export function isSequence(value: Value): boolean {
  return value.kind === 'text' || value.kind === 'list'
}

export function max(a: Level, b: Level): Level {
  return a > b ? a : b
}

export function join(a: Kind, b: Kind): Kind {
  if (a === 'unknown') return b
  return b === 'unknown' || a === b ? a : 'other'
}
