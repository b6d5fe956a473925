import { quote } from '../_shared/answers.ts'
import type { Parsed } from '../_shared/expression.ts'
import { type Literal, parseLiteral } from '../_shared/literal.ts'
import type { Action, Field } from './solver.ts'

/** `0.5, 1.5` of a square by its number. */
export const centre = (cols: number, square: number) => `${Math.floor(square / cols)}.5, ${square % cols}.5`

/** Steps as the JSON list of objects that is asked for. */
export function showSteps(cols: number, steps: readonly (readonly Action[])[]): string {
  const shown = steps.map(step =>
    step.map(({ agent, colour, to }) => {
      const goal = to === null ? `target_${colour}` : `square[${centre(cols, to)}]`
      return `"Agent[${centre(cols, agent)}]": "move(box_${colour}, ${goal})"`
    }),
  )
  return `[${shown.map(step => `{${step.join(', ')}}`).join(', ')}]`
}

const coordinates = String.raw`\s*([0-9]{0,6})\.50{0,9}\s*,\s*([0-9]{0,6})\.50{0,9}\s*`
const agentName = new RegExp(String.raw`^\s*agent\s*(?:\[${coordinates}\]|\(${coordinates}\))\s*$`, 'i')
const action = new RegExp(
  String.raw`^\s*move\s*\(\s*box_([a-z]{1,30})\s*,\s*(?:target_([a-z]{1,30})|square\s*\[${coordinates}\])\s*\)\s*$`,
  'i',
)

/** A square by its two coordinates' whole parts, or null when it lies off the grid. */
function squareAt({ rows, cols }: Pick<Field, 'rows' | 'cols'>, row: string, col: string): number | null {
  const [r, c] = [Number(row), Number(col)]
  return r < rows && c < cols ? r * cols + c : null
}

/**
 * Reads a JSON (or Python) list of steps, each an object from agents to actions. The names must be of the two forms,
 * agents and squares must exist, an agent may occur once per step; whether the action is possible is not looked at.
 */
export function readSteps(field: Field, text: string): Parsed<Action[][]> {
  const list = parseLiteral(text.replace(/^\s*[A-Za-z_ ]{1,30}[:=]\s*(?=\[)/, ''))
  if (!list.ok) return list
  if (list.value.kind !== 'list' && list.value.kind !== 'tuple') return { ok: false, why: 'not a list of steps' }
  const steps: Action[][] = []
  for (const literal of list.value.items) {
    const step = readStep(field, literal)
    if (!step.ok) return { ok: false, why: `step ${steps.length + 1}: ${step.why}` }
    steps.push(step.value)
  }
  return { ok: true, value: steps }
}

function readStep(field: Field, literal: Literal): Parsed<Action[]> {
  if (literal.kind !== 'dict') return { ok: false, why: 'not an object from agents to actions' }
  const actions: Action[] = []
  const seen = new Set<number>()
  for (const [key, value] of literal.entries) {
    if (key.kind !== 'string' || value.kind !== 'string') return { ok: false, why: 'an agent or its action is no text' }
    const read = readAction(field, key.value, value.value)
    if (!read.ok) return read
    if (seen.has(read.value.agent)) return { ok: false, why: `${quote(key.value)} acts twice` }
    seen.add(read.value.agent)
    actions.push(read.value)
  }
  return { ok: true, value: actions }
}

function readAction(field: Field, name: string, text: string): Parsed<Action> {
  const agentFound = name.length > 200 ? null : agentName.exec(name)
  if (!agentFound) return { ok: false, why: `${quote(name)} is no agent's name such as "Agent[0.5, 0.5]"` }
  const agent = squareAt(field, (agentFound[1] ?? agentFound[3])!, (agentFound[2] ?? agentFound[4])!)
  if (agent === null) return { ok: false, why: `there is no ${quote(name)} on this grid` }
  const found = text.length > 200 ? null : action.exec(text)
  if (!found) return { ok: false, why: `${quote(text)} is none of the two actions` }
  const colour = found[1]!.toLowerCase()
  if (found[2] !== undefined) {
    const other = found[2].toLowerCase()
    return colour === other
      ? { ok: true, value: { agent, colour, to: null } }
      : { ok: false, why: `box_${colour} does not belong on target_${other}` }
  }
  const to = squareAt(field, found[3]!, found[4]!)
  return to === null
    ? { ok: false, why: `${quote(text)} leads off the grid` }
    : { ok: true, value: { agent, colour, to } }
}
