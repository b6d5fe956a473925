import type { Program } from './names.ts'
import { isLoop } from './reach.ts'
import { codeOf, type PyNode, walk } from './tree.ts'

/** What kind of work a loop does, told from its shape. Strings and comments inside it are not read. */
export class LoopShapes {
  private readonly program: Program
  private readonly comprehensions = new Map<PyNode, boolean>()

  constructor(program: Program) {
    this.program = program
  }

  private text(node: PyNode): string {
    return codeOf(this.program.tree, node)
  }

  /** A loop that takes states from a container and puts their successors back. */
  isFrontier(loop: PyNode): boolean {
    if (loop.type !== 'while_statement') return false
    const body = this.text(loop)
    const taken = new Set([...body.matchAll(/(\w+)\.(?:popleft|pop|get)\(/g)].map(m => m[1]!))
    for (const m of body.matchAll(/heappop\(\s*(\w+)/g)) taken.add(m[1]!)
    const refuted = new Set<string>()
    let found = false
    walk(this.program.tree, loop, node => {
      if (found) return false
      const name = this.pushedTo(node)
      if (!name || refuted.has(name) || !this.isNestedIn(node, loop)) return true
      // Or layer by layer: the layer filled inside becomes the frontier.
      found = taken.has(name) || this.loopsOver(loop, name, body)
      if (!found) refuted.add(name)
      return true
    })
    return found
  }

  /** The container a node adds to, or null. */
  private pushedTo(node: PyNode): string | null {
    if (node.type === 'augmented_assignment') {
      const [left, right] = node.children
      return left?.type === 'identifier' && right?.type === 'list' && right.children.length > 1
        ? `${this.text(left)}`
        : null
    }
    if (node.type !== 'call') return null
    const callee = node.children[0]!
    if (/heappush$/.test(this.text(callee))) {
      const first = node.children[1]?.children[0]
      return first ? this.text(first) : null
    }
    if (callee.type !== 'attribute' || !callee.children[1]) return null
    return /^(append|appendleft|add|put|extend|push)$/.test(this.text(callee.children[1]))
      ? this.text(callee.children[0]!)
      : null
  }

  /** Inside a further loop or branch of `loop`, or a push of several successors at once. */
  private isNestedIn(node: PyNode, loop: PyNode): boolean {
    if (node.type === 'augmented_assignment' || /extend/.test(this.text(node).slice(0, 60))) return true
    let loops = 0
    for (let at = node.parent; at && at !== loop; at = at.parent) if (isLoop(at)) loops++
    return loops > 0
  }

  private loopsOver(loop: PyNode, next: string, body: string): boolean {
    const current = body.match(new RegExp(`\\b(\\w+) = (?:list\\(|set\\()?${escaped(next)}\\b`))?.[1]
    return !!current && current !== next && new RegExp(`for [^\\n]* in ${current}\\b`).test(this.text(loop))
  }

  /** `table[i] = … table[i - 1] …` inside a loop over `i`. */
  isTable(loop: PyNode): boolean {
    if (loop.type === 'for_in_clause') return false
    let found = false
    walk(this.program.tree, loop, node => {
      if (found) return false
      if (node.type === 'assignment' && node.children.length > 1) found = this.fillsTable(node, loop)
      return !found
    })
    return found
  }

  private fillsTable(node: PyNode, loop: PyNode): boolean {
    const [left, right] = [node.children[0]!, node.children.at(-1)!]
    if (left.type !== 'subscript' || !this.isInnermost(node, loop)) return false
    const table = this.rootName(left)
    const written = this.indicesOf(left)
    let found = false
    walk(this.program.tree, right, inner => {
      if (found || inner.type !== 'subscript') return !found
      const nested = inner.children[0]!.type === 'subscript' && /\[[^\]]* ?- ?\w+\]/.test(this.text(inner))
      if (this.rootName(inner) !== table && !(nested && /min|max|\+/.test(this.text(right)))) return true
      found = nested || (this.hasOffset(inner) && this.indicesOf(inner) !== written)
      return true
    })
    return found
  }

  private hasOffset(subscript: PyNode): boolean {
    return subscript.children.some((c, i) => i > 0 && c.type === 'binary_operator' && /[-+]/.test(this.text(c)))
  }

  private indicesOf(subscript: PyNode): string {
    return subscript.children
      .slice(1)
      .map(child => this.text(child))
      .join()
  }

  private isInnermost(node: PyNode, loop: PyNode): boolean {
    for (let at = node.parent; at; at = at.parent) {
      if (at === loop) return true
      if (isLoop(at)) return false
    }
    return false
  }

  private rootName(node: PyNode): string {
    let at = node
    while ((at.type === 'subscript' || at.type === 'attribute') && at.children[0]) at = at.children[0]
    return this.text(at)
  }

  /** Two or more loops over candidate values whose innermost test compares a combination of them. */
  isGenerateAndTest(loop: PyNode): boolean {
    if (loop.type === 'while_statement') return false
    if (loop.type !== 'for_in_clause') return this.testsCandidates(loop, loop)
    // The same for every clause of a comprehension.
    const whole = loop.parent!
    let known = this.comprehensions.get(whole)
    if (known === undefined) {
      known = this.testsCandidates(loop, whole)
      this.comprehensions.set(whole, known)
    }
    return known
  }

  private testsCandidates(loop: PyNode, inner: PyNode): boolean {
    const targets = this.rangeTargets(loop)
    if (targets.size === 0) return false
    let found = false
    walk(this.program.tree, inner, node => {
      if (found || isStatementTest(node) === null) return !found
      const test = isStatementTest(node)!
      const used = new Set<string>()
      let arithmetic = false
      let compares = false
      let indexes = false
      walk(this.program.tree, test, part => {
        if (part.type === 'identifier' && targets.has(this.text(part))) used.add(this.text(part))
        if (part.type === 'binary_operator') arithmetic = true
        if (part.type === 'comparison_operator') compares = true
        if (part.type === 'subscript') indexes = true
        return true
      })
      if (used.size > 1 && arithmetic && compares && !indexes) found = true
      return true
    })
    return found
  }

  /** Targets of this loop and of the loops around it that run over ranges of values, names computed from them included. */
  private rangeTargets(loop: PyNode): Set<string> {
    const targets = new Set<string>()
    const takeClause = (clause: PyNode) => {
      const [target, source] = clause.children
      if (target && source && /^range\(/.test(this.text(source))) targets.add(this.text(target))
    }
    if (loop.type === 'for_in_clause') {
      for (const clause of loop.parent!.children) if (clause.type === 'for_in_clause') takeClause(clause)
      return targets.size > 1 ? targets : new Set()
    }
    let outer = 0
    for (let at: PyNode | null = loop; at && at.type !== 'function_definition'; at = at.parent) {
      if (at.type !== 'for_statement') continue
      takeClause(at)
      outer++
    }
    return outer > 1 && targets.size > 1 ? targets : new Set()
  }

  /** A `while` loop each of whose rounds makes the next value from the last: `a, b = b, a % b`. */
  isIteration(loop: PyNode): boolean {
    let found = false
    walk(this.program.tree, loop, node => {
      const [left, right] = [node.children[0], node.children.at(-1)]
      if (found || node.type !== 'assignment' || !left || !right || left === right) return !found
      const names = left.type === 'identifier' ? [left] : left.type === 'pattern_list' ? left.children : []
      found = names.some(name => hasWord(this.text(right), this.text(name)))
      return !found
    })
    return found
  }

  /** A loop that carries a state from step to step, beyond adding up. */
  isSimulation(loop: PyNode): boolean {
    const updates = new Set<string>()
    let moves = 0
    const body = loop.children.find(c => c.type === 'block')
    if (!body) return false
    walk(this.program.tree, body, node => {
      if (node.type === 'function_definition' || node.type === 'lambda') return false
      if (node.type === 'augmented_assignment' && node.children[0]) {
        const target = node.children[0]
        const underTest = isUnderTest(node, loop)
        if (target.type === 'identifier' && underTest && !/\+=\s*1$/.test(this.text(node)))
          updates.add(this.text(target))
        if (target.type === 'subscript' && !/\+=/.test(this.text(node))) moves++
      }
      if (node.type === 'assignment' && node.children.length > 1) this.assignment(node, loop, updates, () => moves++)
      if (node.type === 'call' && node.children[0]?.type === 'attribute') {
        const method = node.children[0].children[1] ? this.text(node.children[0].children[1]) : ''
        if (/^(pop|popleft|remove|insert|rotate)$/.test(method)) moves++
      }
      return true
    })
    return moves > 0 || updates.size > 1
  }

  private assignment(node: PyNode, loop: PyNode, updates: Set<string>, move: () => void): void {
    const left = node.children[0]!
    const right = node.children.at(-1)!
    const name = this.rootName(left)
    const rereads = hasWord(this.text(right), name)
    if (left.type === 'subscript' && (rereads || loop.type === 'while_statement')) move()
    else if (left.type === 'pattern_list' && /\[/.test(this.text(left))) move()
    else if (left.type === 'identifier' && rereads && !/^(max|min)\(/.test(this.text(right))) {
      // `s = s + x` adds up; `s = f(s)` is a step.
      const adds = right.type === 'binary_operator' && /^\w+ \+/.test(this.text(right))
      if (!adds) move()
      else if (isUnderTest(node, loop)) updates.add(name)
    }
  }
}

/** Whether the letters, digits and underscores (ASCII) of `name` stand in the text as a word of their own. */
function hasWord(text: string, name: string): boolean {
  const word = /\W/.test(name) ? name.replace(/\W/g, '') : name
  if (word === '') return /\w/.test(text)
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWordCode(text.charCodeAt(at - 1)) && !isWordCode(text.charCodeAt(at + word.length))) return true
  }
  return false
}

/** False beyond the text's ends, where the code is NaN. */
function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
}

/** A name or expression as a literal part of a pattern. */
export function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N}_ ]/gu, '\\$&')
}

function isStatementTest(node: PyNode): PyNode | null {
  if (node.type === 'if_statement' || node.type === 'if_clause' || node.type === 'elif_clause')
    return node.children[0] ?? null
  return null
}

function isUnderTest(node: PyNode, loop: PyNode): boolean {
  for (let at = node.parent; at && at !== loop; at = at.parent) {
    if (at.type === 'if_statement' || at.type === 'elif_clause' || at.type === 'case_clause') return true
  }
  return false
}
