import type { Binding, Def, FunctionInfo, Program } from './names.ts'
import { mutators } from './names.ts'
import type { Reach } from './reach.ts'
import type { Sink } from './slice.ts'
import { operatorBetween, type PyNode, textOf } from './tree.ts'
import {
  derived,
  Expressions,
  isSequence,
  join,
  type Kind,
  type Level,
  literal,
  max,
  type Value,
  valueAt,
} from './values.ts'
import { storing, verdictWords } from './vocabulary.ts'

export type { Level } from './values.ts'

/** Rounds times names: keeps generated programs of thousands of names quick. */
const workLimit = 20_000
const roundLimit = 25

/** A definition in reached code, with what stays the same from round to round. */
interface Fact {
  readonly def: Def
  /** It makes a new value from the old one, round a loop. */
  readonly carries: boolean
  /** The level found last. */
  level: Level
}

/** A name on which the output depends. */
interface Subject {
  readonly binding: Binding
  readonly facts: readonly Fact[]
}

/** A function on which the output depends, with its reached results. */
interface Body {
  readonly fn: FunctionInfo
  readonly results: FunctionInfo['results']
  /** How many different results, `None` left out; counted when it first matters. */
  distinct: number
}

/** Judges how the printed values come about. Iterates to a fixed point over names and functions. */
export class Derivation {
  private readonly program: Program
  private readonly reach: Reach
  private readonly expressions: Expressions
  /** By `PyNode.id` of the statement; `unasked` before the first question of a round. */
  private readonly conditions: Int8Array

  constructor(program: Program, reach: Reach, bindings: Iterable<Binding>, functions: Iterable<FunctionInfo>) {
    this.program = program
    this.reach = reach
    this.expressions = new Expressions(program)
    this.conditions = new Int8Array(program.tree.nodes.length).fill(unasked)
    // The slice found what is printed first and what it rests on last: backwards, values settle in few rounds.
    const subjects = [...bindings].reverse().map(binding => this.subject(binding))
    const bodies = [...functions].reverse().map(fn => this.body(fn))
    for (const { binding } of subjects) if (this.isIndex(binding)) this.expressions.indexNames.add(binding)
    this.settle(subjects, bodies)
  }

  private subject(binding: Binding): Subject {
    if (binding.qualified || binding.fn) return { binding, facts: [] }
    const reached = binding.defs.filter(def => this.reach.isReached(def.at))
    return { binding, facts: reached.map(def => ({ def, carries: this.carries(def, binding), level: 0 })) }
  }

  private body(fn: FunctionInfo): Body {
    return { fn, results: fn.results.filter(result => this.reach.isReached(result.at)), distinct: -1 }
  }

  private settle(subjects: readonly Subject[], bodies: readonly Body[]): void {
    const { expressions } = this
    const limit = Math.max(4, Math.min(roundLimit, workLimit / (subjects.length + bodies.length + 1)))
    for (let round = 0, changed = true; changed; round++) {
      changed = false
      this.conditions.fill(unasked)
      if (round > limit) {
        // Chains too long to follow are taken for work: an accusation needs proof.
        for (const { binding } of subjects) expressions.learnName(binding, derived())
        for (const { fn } of bodies) expressions.learnFunction(fn, derived())
        return
      }
      for (const subject of subjects) {
        if (expressions.learnName(subject.binding, this.ofBinding(subject))) changed = true
      }
      for (const body of bodies) if (expressions.learnFunction(body.fn, this.ofFunction(body))) changed = true
    }
  }

  /** The level of the conditions under which a statement runs, within its function. */
  private conditionLevel(at: PyNode): Level {
    const { statement } = at
    const known = this.conditions[statement.id]!
    if (known !== unasked) return known as Level
    this.conditions[statement.id] = 0
    let level: Level = 0
    for (let node: PyNode | null = statement; node; node = node.parent) {
      if (node.type === 'function_definition') break
      const isTest = node.type === 'if_statement' || node.type === 'elif_clause' || node.type === 'while_statement'
      const asks = (isTest && node !== statement) || node.type === 'match_statement'
      if (asks && node.children[0]) level = max(level, this.expressions.value(node.children[0]).level)
    }
    this.conditions[statement.id] = level
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

  private ofBinding({ binding, facts }: Subject): Value {
    if (binding.qualified || binding.fn) return derived()
    let level: Level = 0
    let kind: Kind = 'unknown'
    let elevated: Level = 0
    for (const fact of facts) {
      const { def } = fact
      const value = this.ofDef(fact)
      fact.level = value.level
      level = max(level, value.level)
      if (def.kind !== 'mutate') kind = join(kind, value.kind)
      if (!sets(def)) continue
      const condition = this.conditionLevel(def.at)
      if (condition <= 1) continue
      elevated = max(elevated, condition)
      if (def.kind !== 'assign') level = max(level, condition)
    }
    if (elevated > level && this.isChoice(facts)) level = elevated
    return valueAt(level, kind)
  }

  /** A choice between typed constants is worked out when there is something to choose from. */
  private isChoice(facts: readonly Fact[]): boolean {
    const constants = new Set<string>()
    for (const { def, level } of facts) {
      if (level === 0 && def.value && sets(def)) constants.add(textOf(this.program.tree, def.value))
    }
    for (const empty of ['None', '""', "''", '[]', '{}', '()']) constants.delete(empty)
    if (constants.size !== 1) return constants.size > 1
    return [...constants].every(c => /^(True|False|-?\d{1,2})$/.test(c))
  }

  /** Whether a definition in a loop uses the value that the name had before. */
  private carries(def: Def, binding: Binding): boolean {
    if (!def.value || (def.kind !== 'assign' && def.by !== '[]') || !isInLoop(def.at)) return false
    const { nodes } = this.program.tree
    for (let id = def.value.id; id < def.value.endId; id++) {
      if (nodes[id]!.type === 'identifier' && this.program.refs.get(nodes[id]!) === binding) return true
    }
    return false
  }

  private ofDef({ def, carries }: Fact): Value {
    const value = def.value ? this.expressions.value(def.value) : literal('unknown')
    switch (def.kind) {
      case 'assign':
        return carries && !isConcatenation(def.value!, value) ? valueAt(3, value.kind) : value
      case 'element':
        return valueAt(value.level === 0 ? 1 : value.level, value.kind === 'text' ? 'text' : 'unknown')
      case 'part':
        return valueAt(value.level, 'unknown')
      case 'augment':
        return this.ofAugment(def, value)
      case 'mutate':
        return this.ofMutation(def, carries, value)
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
    return isStep && !looped ? valueAt(max(value.level, 1), 'number') : this.countLevel(def, value, isStep)
  }

  /** `n += 1` per round counts the rounds; `n += x` sums. */
  private countLevel(def: Def, value: Value, isStep: boolean): Value {
    if (!isStep) return value.kind === 'unknown' && value.level < 3 && !isInLoop(def.at) ? value : derived('number')
    let level: Level = value.level
    for (let node: PyNode | null = def.at; node; node = node.parent) {
      if (node.type === 'function_definition') break
      const loops = node.type === 'for_statement' && node.children[1]
      if (loops) level = max(level, this.expressions.value(loops).level)
      // How often a `while` goes round is decided by its condition or by what breaks out of it.
      if (node.type === 'while_statement') level = 3
    }
    return valueAt(max(level, 1), 'number')
  }

  private ofMutation(def: Def, carries: boolean, value: Value): Value {
    // Taking out and reordering is work; what other methods do to the object is told by their own assignments.
    if (def.by && mutators.has(def.by) && !storing.has(def.by)) return derived()
    if (!def.by || !storing.has(def.by)) return valueAt(max(value.level, 1), 'unknown')
    if (def.by === '[]' && (carries || def.at.type === 'augmented_assignment')) return derived()
    return valueAt(max(value.level, 1), 'unknown')
  }

  private ofFunction(body: Body): Value {
    let level: Level = 0
    let kind: Kind = 'unknown'
    let elevated: Level = 0
    for (const result of body.results) {
      const value = result.value ? this.expressions.value(result.value) : literal('other')
      level = max(level, value.level)
      kind = join(kind, value.kind)
      elevated = max(elevated, this.conditionLevel(result.at))
    }
    if (elevated > 1 && elevated > level && this.distinctResults(body) > 1) level = elevated
    return valueAt(level, kind)
  }

  private distinctResults(body: Body): number {
    if (body.distinct < 0) {
      const { tree } = this.program
      const texts = new Set(body.results.map(result => (result.value ? textOf(tree, result.value) : 'None')))
      texts.delete('None')
      body.distinct = texts.size
    }
    return body.distinct
  }

  /** How the answer comes about: the highest level among the places that print it. */
  ofOutput(sinks: readonly Sink[]): Level {
    let level: Level = 0
    let conditional: Level = 0
    for (const sink of sinks) {
      level = max(level, this.expressions.highest(sink.args))
      if (level === 3) return level
      conditional = max(conditional, this.conditionLevel(sink.at))
    }
    if (level >= 2 || conditional < 2) return level
    // Typed texts chosen by a computed condition: a decision when they are alternatives or a plain yes or no.
    const { tree } = this.program
    const constants = new Set(sinks.map(sink => sink.args.map(arg => textOf(tree, arg)).join(',')))
    const verdicts = [...constants].filter(text => verdictWords.test(text))
    const others = constants.size - verdicts.length
    return others === 0 || others > 1 ? conditional : level
  }
}

const unasked = -1

/** Whether a definition gives the name a value of its own, rather than passing the object on. */
function sets(def: Def): boolean {
  return def.kind === 'assign' || def.kind === 'augment' || (def.kind === 'mutate' && def.by !== '()')
}

function isConcatenation(node: PyNode, value: Value): boolean {
  return node.type === 'binary_operator' && isSequence(value) && value.level < 3
}

function isInLoop(node: PyNode): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (at.type === 'for_statement' || at.type === 'while_statement') return true
    if (at.type === 'function_definition') return false
  }
  return false
}
