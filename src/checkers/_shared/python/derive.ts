import type { Binding, Def, FunctionInfo, Program } from './names.ts'
import { isComprehension, mutators } from './names.ts'
import type { Reach, Sink } from './reach.ts'
import { codeOf, operatorBetween, type PyNode, textOf, unwrap } from './tree.ts'
import { dressing, dressingMethods, listing, numeric, storing, verdictWords } from './vocabulary.ts'

/**
 * How far a value is from what was typed in: 0 a literal, 1 literals rearranged or formatted, 2 picked out of a typed
 * table by a typed key, 3 worked out.
 */
export type Level = 0 | 1 | 2 | 3
type Kind = 'text' | 'number' | 'list' | 'dict' | 'other' | 'unknown'

interface Value {
  readonly level: Level
  readonly kind: Kind
}

const literal = (kind: Kind): Value => ({ level: 0, kind })
const derived = (kind: Kind = 'other'): Value => ({ level: 3, kind })

/** Rounds times names: keeps generated programs of thousands of names quick. */
const workLimit = 20_000
const roundLimit = 25

/** Judges how the printed values come about. Iterates to a fixed point over names and functions. */
export class Derivation {
  private readonly program: Program
  private readonly reach: Reach
  private readonly names = new Map<Binding, Value>()
  private readonly functions = new Map<FunctionInfo, Value>()
  private readonly conditions = new Map<PyNode, Level>()
  private readonly indexNames = new Set<Binding>()

  constructor(program: Program, reach: Reach, bindings: Iterable<Binding>, functions: Iterable<FunctionInfo>) {
    this.program = program
    this.reach = reach
    // The slice found what is printed first and what it rests on last: backwards, values settle in few rounds.
    const all = [...bindings].reverse()
    const fns = [...functions].reverse()
    for (const binding of all) if (this.isIndex(binding)) this.indexNames.add(binding)
    const limit = Math.max(4, Math.min(roundLimit, workLimit / (all.length + fns.length + 1)))
    for (let round = 0, changed = true; changed; round++) {
      changed = false
      this.conditions.clear()
      if (round > limit) {
        this.giveUp(all, fns)
        return
      }
      for (const binding of all) {
        const value = this.ofBinding(binding)
        const before = this.names.get(binding)
        if (!before || before.level !== value.level || before.kind !== value.kind) {
          this.names.set(binding, value)
          changed = true
        }
      }
      for (const fn of fns) {
        const value = this.ofFunction(fn)
        const before = this.functions.get(fn)
        if (!before || before.level !== value.level || before.kind !== value.kind) {
          this.functions.set(fn, value)
          changed = true
        }
      }
    }
  }

  /** Chains too long to follow are taken for work: an accusation needs proof. */
  private giveUp(bindings: readonly Binding[], functions: readonly FunctionInfo[]): void {
    for (const binding of bindings) this.names.set(binding, derived())
    for (const fn of functions) this.functions.set(fn, derived())
  }

  /** The level of the conditions under which a statement runs, within its function. */
  conditionLevel(at: PyNode): Level {
    const statement = at.statement
    const known = this.conditions.get(statement)
    if (known !== undefined) return known
    this.conditions.set(statement, 0)
    let level: Level = 0
    for (let node: PyNode | null = statement; node; node = node.parent) {
      if (node.type === 'function_definition') break
      const isTest = node.type === 'if_statement' || node.type === 'elif_clause' || node.type === 'while_statement'
      if (isTest && node !== statement && node.children[0]) level = max(level, this.value(node.children[0]).level)
      if (node.type === 'match_statement' && node.children[0]) level = max(level, this.value(node.children[0]).level)
    }
    this.conditions.set(statement, level)
    return level
  }

  /** Names that only count positions: the targets of `range(...)` over typed bounds and of `enumerate`. */
  private isIndex(binding: Binding): boolean {
    return (
      binding.defs.length > 0 &&
      binding.defs.every(def => {
        const call = def.kind === 'element' && def.value?.type === 'call' ? def.value : null
        if (!call) return false
        const callee = this.program.callOf.get(call)?.callee
        const target = def.at.children[0]
        if (callee === 'range') return /^\(\s*(len\(\w+\)|\d+)\s*\)$/.test(textOf(this.program.tree, call.children[1]!))
        if (callee !== 'enumerate' || !target) return false
        const first = target.children[0]
        return !!first && textOf(this.program.tree, first) === binding.name
      })
    )
  }

  private ofBinding(binding: Binding): Value {
    if (binding.qualified) return derived()
    if (binding.fn) return derived()
    const defs = binding.defs.filter(def => this.reach.isReached(def.at))
    let level: Level = 0
    let kind: Kind = 'unknown'
    const constants = new Set<string>()
    let elevated: Level = 0
    for (const def of defs) {
      const value = this.ofDef(def, binding)
      level = max(level, value.level)
      if (def.kind !== 'mutate') kind = join(kind, value.kind)
      if (def.kind === 'assign' || def.kind === 'augment' || (def.kind === 'mutate' && def.by !== '()')) {
        const condition = this.conditionLevel(def.at)
        if (condition > 1) elevated = max(elevated, condition)
        if (def.value && value.level === 0) constants.add(textOf(this.program.tree, def.value))
        if (condition > 1 && def.kind !== 'assign') level = max(level, condition)
      }
    }
    // A choice between typed constants is worked out when there is something to choose from.
    for (const empty of ['None', '""', "''", '[]', '{}', '()']) constants.delete(empty)
    const isFlag = [...constants].every(c => /^(True|False|-?\d{1,2})$/.test(c))
    if (elevated > 1 && (constants.size > 1 || (constants.size > 0 && isFlag))) level = max(level, elevated)
    return { level, kind }
  }

  private ofDef(def: Def, binding: Binding): Value {
    const value = def.value ? this.value(def.value) : literal('unknown')
    switch (def.kind) {
      case 'assign': {
        const looped = isInLoop(def.at) && def.value && this.mentions(def.value, binding)
        return looped && !isConcatenation(def.value!, value) ? { level: 3, kind: value.kind } : value
      }
      case 'element':
        return { level: value.level === 0 ? 1 : value.level, kind: value.kind === 'text' ? 'text' : 'unknown' }
      case 'part':
        return { level: value.level, kind: 'unknown' }
      case 'augment':
        return this.ofAugment(def, value)
      case 'mutate':
        return this.ofMutation(def, binding, value)
      case 'param':
        return value
      default:
        return derived()
    }
  }

  private ofAugment(def: Def, value: Value): Value {
    const [left, right] = def.at.children
    const operator = left && right ? operatorBetween(this.program.tree, left, right) : '+='
    if (operator !== '+=') return derived('number')
    if (value.kind === 'text' || value.kind === 'list') return value
    const looped = isInLoop(def.at)
    const isStep = def.value?.type === 'integer'
    return isStep && !looped ? { level: max(value.level, 1), kind: 'number' } : this.countLevel(def, value, isStep)
  }

  /** `n += 1` per round counts the rounds; `n += x` sums. */
  private countLevel(def: Def, value: Value, isStep: boolean): Value {
    if (!isStep) return value.kind === 'unknown' && value.level < 3 && !isInLoop(def.at) ? value : derived('number')
    let level: Level = value.level
    for (let node: PyNode | null = def.at; node; node = node.parent) {
      if (node.type === 'function_definition') break
      if (node.type === 'for_statement' && node.children[1]) level = max(level, this.value(node.children[1]).level)
      // How often a `while` goes round is decided by its condition or by what breaks out of it.
      if (node.type === 'while_statement') level = 3
    }
    return { level: max(level, 1), kind: 'number' }
  }

  private ofMutation(def: Def, binding: Binding, value: Value): Value {
    // Taking out and reordering is work; what other methods do to the object is told by their own assignments.
    if (def.by && mutators.has(def.by) && !storing.has(def.by)) return derived()
    if (!def.by || !storing.has(def.by)) return { level: max(value.level, 1), kind: 'unknown' }
    if (def.by === '[]' && def.value && isInLoop(def.at) && this.mentions(def.value, binding)) return derived()
    if (def.by === '[]' && def.at.type === 'augmented_assignment') return derived()
    return { level: max(value.level, 1), kind: 'unknown' }
  }

  private ofFunction(fn: FunctionInfo): Value {
    let level: Level = 0
    let kind: Kind = 'unknown'
    const distinct = new Set<string>()
    let elevated: Level = 0
    for (const result of fn.results) {
      if (!this.reach.isReached(result.at)) continue
      const value = result.value ? this.value(result.value) : literal('other')
      level = max(level, value.level)
      kind = join(kind, value.kind)
      distinct.add(result.value ? textOf(this.program.tree, result.value) : 'None')
      elevated = max(elevated, this.conditionLevel(result.at))
    }
    distinct.delete('None')
    if (elevated > 1 && distinct.size > 1) level = max(level, elevated)
    return { level, kind }
  }

  private value(node: PyNode): Value {
    const kids = node.children
    switch (node.type) {
      case 'integer':
      case 'float':
        return literal('number')
      case 'true':
      case 'false':
      case 'none':
      case 'ellipsis':
        return literal('other')
      case 'string':
      case 'concatenated_string':
        return kids.length === 0 ? literal('text') : { level: max(1, this.highest(kids)), kind: 'text' }
      case 'identifier':
        return this.ofName(node)
      case 'call':
        return this.ofCall(node)
      case 'binary_operator':
        return this.ofOperation(node)
      case 'comparison_operator':
        return this.ofComparison(node)
      case 'boolean_operator':
        return { level: this.highest(kids) >= 1 || this.logicSize(node) > 2 ? 3 : 0, kind: 'other' }
      case 'not_operator':
        return { level: this.highest(kids), kind: 'other' }
      case 'unary_operator':
        return kids[0] ? this.value(kids[0]) : literal('number')
      case 'subscript':
        return this.ofSubscript(node)
      case 'attribute':
        return this.ofAttribute(node)
      case 'conditional_expression':
        return { level: this.highest(kids), kind: kids[0] ? this.value(kids[0]).kind : 'unknown' }
      case 'list':
      case 'set':
      case 'tuple':
      case 'expression_list':
        return { level: this.highest(kids), kind: 'list' }
      case 'dictionary':
        return { level: this.highest(kids), kind: 'dict' }
      case 'lambda':
        return literal('other')
      case 'keyword_argument':
        return kids[1] ? this.value(kids[1]) : literal('unknown')
      case 'parenthesized_expression':
        return kids[0] ? this.value(kids[0]) : literal('unknown')
    }
    if (isComprehension(node)) return { level: this.ofComprehension(node), kind: 'list' }
    return { level: this.highest(kids), kind: 'unknown' }
  }

  private highest(nodes: readonly PyNode[]): Level {
    let level: Level = 0
    for (const node of nodes) level = max(level, this.value(node).level)
    return level
  }

  private ofName(node: PyNode): Value {
    const binding = this.program.refs.get(node)
    if (!binding) return textOf(this.program.tree, node) === '__name__' ? literal('text') : literal('unknown')
    if (binding.fn) return this.functions.get(binding.fn) ?? literal('unknown')
    return this.names.get(binding) ?? literal('unknown')
  }

  private ofCall(node: PyNode): Value {
    const call = this.program.callOf.get(node)
    if (!call) return derived()
    if (call.fns.length > 0 && call.fns[0]!.name !== '__init__') return this.ofLocalCall(call.fns)
    const level = this.highest(call.args)
    const first = call.args[0]
    if (call.callee.startsWith('.')) return this.ofMethod(node, call.callee.slice(1), level)
    if (call.callee === 'len') {
      return first && this.value(first).kind !== 'text' && level < 2 ? { level: 1, kind: 'number' } : derived('number')
    }
    if (call.callee === 'range') return { level: max(1, level), kind: 'list' }
    if (!dressing.has(call.callee)) return derived(numeric.has(call.callee) ? 'number' : 'other')
    const kind: Kind =
      call.callee === 'str' || call.callee === 'repr' ? 'text' : listing.has(call.callee) ? 'list' : 'other'
    if (call.callee === 'map' && first) return this.ofMapped(call.args, level)
    return { level: max(level, 1), kind: call.callee === 'int' || call.callee === 'float' ? 'number' : kind }
  }

  private ofMapped(args: readonly PyNode[], level: Level): Value {
    const name = textOf(this.program.tree, args[0]!)
    const dresses = dressing.has(name) || name === 'str.strip'
    return dresses
      ? { level: max(1, this.highest(args.slice(1))), kind: 'list' }
      : { level: max(level, 3), kind: 'list' }
  }

  private ofLocalCall(fns: readonly FunctionInfo[]): Value {
    let level: Level = 0
    let kind: Kind = 'unknown'
    for (const fn of fns) {
      const value = this.functions.get(fn) ?? literal('unknown')
      level = max(level, value.level)
      kind = join(kind, value.kind)
    }
    return { level, kind }
  }

  private ofMethod(node: PyNode, method: string, argsLevel: Level): Value {
    const owner = node.children[0]!.children[0]
    const object = owner ? this.value(owner) : literal('unknown')
    const level = max(object.level, argsLevel)
    if (dressingMethods.has(method)) return { level: max(level, 1), kind: method === 'split' ? 'list' : 'text' }
    if (method === 'get' || method === 'pop' || method === 'popleft') {
      return { level: max(level, object.kind === 'dict' ? 2 : 1), kind: 'unknown' }
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
      return { level: max(level, 1), kind: a.kind === 'unknown' ? b.kind : a.kind }
    if (operator === '%' && a.kind === 'text') return { level: max(level, 1), kind: 'text' }
    if (operator === '*' && (isSequence(a) || isSequence(b)))
      return { level: max(level, 1), kind: isSequence(a) ? a.kind : b.kind }
    const shifts = (operator === '+' || operator === '-') && right.type === 'integer'
    const name = unwrap(left)
    if (shifts && name.type === 'identifier') {
      const binding = this.program.refs.get(name)
      if (binding && this.indexNames.has(binding)) return { level: max(level, 1), kind: 'number' }
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
    if (isMembership && this.value(right).kind === 'dict' && level < 3) return { level: max(level, 2), kind: 'other' }
    // Only positions against typed bounds: "not the first line".
    const positional = node.children.every(part => this.isPositional(part))
    return positional ? { level: 1, kind: 'other' } : derived()
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
      return { level: reverses ? 3 : max(level, 1), kind: base.kind }
    }
    const byName = index?.type === 'identifier' || index?.type === 'string' || index?.type === 'tuple'
    const isTable = base.kind === 'dict' || (base.kind === 'unknown' && index?.type === 'string')
    if (isTable && byName) return { level: max(level, 2), kind: 'unknown' }
    return { level: max(level, 1), kind: base.kind === 'text' ? 'text' : 'unknown' }
  }

  private ofAttribute(node: PyNode): Value {
    const name = node.children[1] ? textOf(this.program.tree, node.children[1]) : ''
    const binding = this.program.attributes.get(name)
    const own = binding ? (this.names.get(binding) ?? literal('unknown')) : literal('unknown')
    const object = node.children[0] ? this.value(node.children[0]) : literal('unknown')
    if (binding) return own
    return { level: object.level, kind: 'unknown' }
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

  private mentions(node: PyNode, binding: Binding): boolean {
    if (node.type === 'identifier' && this.program.refs.get(node) === binding) return true
    return node.children.some(child => this.mentions(child, binding))
  }

  /** How the answer comes about: the highest level among the places that print it. */
  ofOutput(sinks: readonly Sink[]): Level {
    let level: Level = 0
    const constants = new Set<string>()
    let conditional: Level = 0
    for (const sink of sinks) {
      level = max(level, this.highest(sink.args))
      const text = sink.args.map(arg => textOf(this.program.tree, arg)).join(',')
      constants.add(text)
      conditional = max(conditional, this.conditionLevel(sink.at))
    }
    if (level >= 2 || conditional < 2) return level
    // Typed texts chosen by a computed condition: a decision when they are alternatives or a plain yes or no.
    const verdicts = [...constants].filter(text => verdictWords.test(text))
    const others = constants.size - verdicts.length
    return others === 0 || others > 1 ? conditional : level
  }
}

function isSequence(value: Value): boolean {
  return value.kind === 'text' || value.kind === 'list'
}

function isConcatenation(node: PyNode, value: Value): boolean {
  return node.type === 'binary_operator' && isSequence(value) && value.level < 3
}

export function isInLoop(node: PyNode): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (at.type === 'for_statement' || at.type === 'while_statement') return true
    if (at.type === 'function_definition') return false
  }
  return false
}

function max(a: Level, b: Level): Level {
  return a > b ? a : b
}

function join(a: Kind, b: Kind): Kind {
  if (a === 'unknown') return b
  return b === 'unknown' || a === b ? a : 'other'
}
