import { correct, defineTask, incorrect, malformed, type Verdict } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import { readCells, shapeFault } from '../_shared/cells.ts'
import type { Parsed } from '../_shared/expression.ts'
import { undressed } from '../_shared/listed.ts'
import { onlyWrong } from '../_shared/misses.ts'

/** What a press does to the lights of its button. */
type Effect = 'toggles' | 'lights' | 'darkens'

interface Button {
  readonly name: string
  readonly effect: Effect
  /** [row, column], counted from 1. */
  readonly cells: readonly (readonly [row: number, column: number])[]
}

/** Press buttons in order; the state of all lights at the end is asked for. */
interface LightPuzzle {
  /** Rows of `0` (off) and `1` (on). */
  readonly lights: readonly string[]
  readonly buttons: readonly Button[]
  readonly presses: readonly string[]
}

/** Side of the grid, buttons, presses, most lights of a button; `mixed` has buttons that only switch on or off. */
const ladder: readonly {
  readonly size: number
  readonly buttons: number
  readonly presses: number
  readonly reach: number
  readonly mixed?: boolean
}[] = [
  { size: 3, buttons: 2, presses: 2, reach: 4 },
  { size: 4, buttons: 3, presses: 3, reach: 8 },
  { size: 5, buttons: 3, presses: 4, reach: 12 },
  { size: 6, buttons: 5, presses: 9, reach: 14 },
  { size: 8, buttons: 8, presses: 18, reach: 18, mixed: true },
  { size: 10, buttons: 12, presses: 40, reach: 22, mixed: true },
  { size: 14, buttons: 16, presses: 90, reach: 30, mixed: true },
  { size: 20, buttons: 26, presses: 200, reach: 40, mixed: true },
]

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** Longest answer that is read, in characters. */
const maxLength = 20_000

const words: Readonly<Record<Effect, string>> = { toggles: 'toggles', lights: 'switches on', darkens: 'switches off' }
const cellText = (cells: Button['cells']) => cells.map(([row, column]) => `(${row}, ${column})`).join(' ')

function ask({ lights, buttons, presses }: LightPuzzle): string {
  const size = lights.length
  const mixed = buttons.some(({ effect }) => effect !== 'toggles')
  return [
    `Lights stand in a grid of ${size} rows and ${size} columns. At first they are as follows (1 is on, 0 is off):`,
    ...lights,
    'Each button acts on certain lights, named as (row, column): rows are counted from 1 at the top, columns from 1 at the left.',
    ...buttons.map(({ name, effect, cells }) => `Button ${name} ${words[effect]}: ${cellText(cells)}`),
    `A press of a button that toggles changes each of its lights: what is on goes off, what is off goes on.${
      mixed
        ? ' A press of a button that switches on leaves all of its lights on, and one that switches off leaves all of its lights off, whatever they were before.'
        : ''
    }`,
    `The buttons are pressed one after the other in this order: ${presses.join(' ')}`,
    'What is the state of all lights after the last press?',
    answerFormat(
      `Write the ${size * size} states as 0 or 1, separated by commas, row by row from the top and each row from left to right.`,
      '0,1,1,0',
    ),
  ].join('\n')
}

type State = readonly (readonly number[])[]

const stateOf = (lights: readonly string[]): State => lights.map(row => [...row].map(Number))
const format = (state: State) => state.flat().join(',')

/** The lights after the presses. `shift` and `flat` are the usual misreadings: cells from 0, every effect a toggle. */
function after(
  puzzle: LightPuzzle,
  presses: readonly string[],
  slip: { readonly shift?: boolean; readonly flat?: boolean } = {},
): State {
  const state = puzzle.lights.map(row => [...row].map(Number))
  const size = state.length
  const byName = new Map(puzzle.buttons.map(button => [button.name, button]))
  for (const press of presses) {
    const { cells, effect } = byName.get(press)!
    for (const [row, column] of cells) {
      const line = state[slip.shift ? row % size : row - 1]!
      const at = slip.shift ? column % size : column - 1
      line[at] = slip.flat || effect === 'toggles' ? 1 - line[at]! : effect === 'lights' ? 1 : 0
    }
  }
  return state
}

/** The states as answered, row after row. */
function readStates(answer: string, size: number): Parsed<string[]> {
  const text = undressed(answer, maxLength)
  if (text === null) return { ok: false, why: `longer than ${maxLength} characters` }
  const read = readCells(text)
  if (!read.ok) return { ok: false, why: `${read.why} in ${quote(text)}` }
  const compact = size > 1 && read.value.cells.length === size && read.value.cells.every(row => row.length === size)
  const states = compact ? read.value.cells.flatMap(row => [...row]) : [...read.value.cells]
  const bad = states.find(state => state !== '0' && state !== '1')
  if (bad !== undefined) return { ok: false, why: `${quote(bad)} is neither 0 nor 1` }
  if (states.length !== size * size) return { ok: false, why: `${states.length} states, not ${size * size}` }
  const fault = compact ? null : shapeFault(read.value, size, size)
  return fault === null ? { ok: true, value: states } : { ok: false, why: fault }
}

function verify(puzzle: LightPuzzle, answer: string): Verdict {
  const size = puzzle.lights.length
  const given = readStates(answer, size)
  if (!given.ok) return malformed(given.why)
  const truth = after(puzzle, puzzle.presses).flat()
  const wrong = truth.flatMap((state, i) => (String(state) === given.value[i] ? [] : [i]))
  if (wrong.length === 0) return correct
  const first = `(${Math.floor(wrong[0]! / size) + 1}, ${(wrong[0]! % size) + 1})`
  return incorrect(`${wrong.length} of ${size * size} lights are wrong, the first is ${first}`)
}

function drawn(rng: Rng, level: number): LightPuzzle {
  const { size, buttons, presses, reach, mixed } = ladder[level - 1]!
  const line = Array.from({ length: size }, (_, i) => i + 1)
  const places = line.flatMap(row => line.map((column): [number, number] => [row, column]))
  const names = letters.slice(0, buttons)
  // Every button at least once where the presses allow it.
  const order = rng.shuffle(Array.from({ length: presses }, (_, i) => (i < buttons ? names[i]! : rng.pick(names))))
  return {
    lights: line.map(() => line.map(() => rng.int(0, 1)).join('')),
    buttons: names.map(name => ({
      name,
      effect: mixed && rng.chance(0.4) ? rng.pick(['lights', 'darkens'] as const) : 'toggles',
      cells: rng.sample(places, rng.int(Math.max(2, reach >> 2), reach)),
    })),
    presses: order,
  }
}

/** Answers of the usual slips, the likeliest first. */
function slips(puzzle: LightPuzzle): State[] {
  const { lights, presses } = puzzle
  const right = after(puzzle, presses)
  const transposed = (state: State) => state.map((_, i) => state.map(row => row[i]!))
  return [
    after(puzzle, presses.slice(0, -1)),
    after(puzzle, presses, { shift: true }),
    after(
      { ...puzzle, buttons: puzzle.buttons.map(b => ({ ...b, cells: b.cells.map(([r, c]) => [c, r] as const) })) },
      presses,
    ),
    after(puzzle, [...new Set(presses)]),
    after(puzzle, presses.slice(1)),
    after(puzzle, [...presses].reverse()),
    after(puzzle, presses, { flat: true }),
    stateOf(lights),
    right.map(row => row.map(state => 1 - state)),
    transposed(right),
    [...right].reverse(),
  ]
}

/** True when copying, inverting or transposing the start, or leaving out the last press, is not the answer by chance. */
function telling(puzzle: LightPuzzle): boolean {
  const truth = format(after(puzzle, puzzle.presses))
  const start = stateOf(puzzle.lights)
  const cheap = [start, start.map(row => row.map(state => 1 - state)), after(puzzle, puzzle.presses.slice(0, -1))]
  return cheap.every(state => format(state) !== truth) && new Set(truth).size === 3
}

export default defineTask<LightPuzzle>({
  slug: 'light-puzzles',
  title: 'Light Puzzles',
  split: 'seen',
  version: 1,
  about: 'Press buttons that toggle lights of a grid; tell the state of all lights at the end.',
  levels: ladder.map(({ size, buttons, presses, mixed }) => ({
    knob: `${size} x ${size} lights, ${buttons} buttons, ${presses} presses${mixed ? ', some only switch on or off' : ''}`,
  })),
  generate(rng, level) {
    for (;;) {
      const puzzle = drawn(rng, level)
      if (telling(puzzle)) return puzzle
    }
  },
  ask,
  read: readBack(ask, prompt => {
    const lights = /as follows \(1 is on, 0 is off\):\n((?:[01]{1,99}\n){1,99})Each button/.exec(prompt)
    const list = /columns from 1 at the left\.\n((?:Button [A-Z] [^\n]{1,20000}\n){1,26})A press of/.exec(prompt)
    const presses = /one after the other in this order: ([A-Z](?: [A-Z]){0,9999})\nWhat is/.exec(prompt)
    if (!lights || !list || !presses) return null
    const size = lights[1]!.trimEnd().split('\n').length
    const buttons = list[1]!.trimEnd().split('\n').map(readButton)
    const names = new Set(buttons.map(button => button?.name))
    if (!presses[1]!.split(' ').every(name => names.has(name))) return null
    const fits = (button: Button | null): button is Button =>
      button?.cells.every(([row, column]) => row >= 1 && row <= size && column >= 1 && column <= size) ?? false
    if (!buttons.every(fits)) return null
    return { lights: lights[1]!.trimEnd().split('\n'), buttons, presses: presses[1]!.split(' ') }
  }),
  verify,
  solve: puzzle => format(after(puzzle, puzzle.presses)),
  pythonData: ({ lights, buttons, presses }) => ({
    LIGHTS: lights,
    BUTTONS: Object.fromEntries(buttons.map(({ name, effect, cells }) => [name, [words[effect], cells]])),
    PRESSES: presses,
  }),
  nearMisses(puzzle, rng) {
    const right = after(puzzle, puzzle.presses)
    const flat = right.flat()
    const flipped = rng.sample([...flat.keys()], 4).map(at => flat.with(at, 1 - flat[at]!).join(','))
    return onlyWrong(
      answer => verify(puzzle, answer),
      [...slips(puzzle).map(format), ...flipped, flat.slice(0, -1).join(','), `${flat.join(',')},0`],
    )
  },
  identity({ lights, buttons, presses }) {
    const rank = new Map([...new Set(presses)].map((name, i) => [name, i]))
    const pressed = [...rank.keys()].map(name => {
      const { effect, cells } = buttons.find(button => button.name === name)!
      return [effect, cells.map(cell => cell.join(' ')).sort()]
    })
    return { lights, pressed, order: presses.map(name => rank.get(name)) }
  },
  effort({ lights, buttons, presses }) {
    const reach = new Map(buttons.map(({ name, cells }) => [name, cells.length]))
    return lights.length ** 2 + presses.reduce((sum, name) => sum + reach.get(name)!, 0)
  },
  show: ({ lights, buttons, presses }) =>
    [
      ...lights.map(row => [...row].map(state => (state === '1' ? '*' : '.')).join(' ')),
      ...buttons.map(({ name, effect, cells }) => `${name} ${words[effect]} ${cellText(cells)}`),
      `presses: ${presses.join(' ')}`,
    ].join('\n'),
  fromPublished(sample) {
    const stored = sample.solution as {
      readonly initial_state?: unknown
      readonly buttons?: unknown
      readonly operations?: unknown
    } | null
    if (!stored || !isState(stored.initial_state) || typeof stored.buttons !== 'object' || stored.buttons === null) {
      return null
    }
    const size = stored.initial_state.length
    const buttons = Object.entries(stored.buttons)
    const within = (n: unknown) => Number.isInteger(n) && Number(n) >= 1 && Number(n) <= size
    const isCells = (cells: unknown): cells is [number, number][] =>
      Array.isArray(cells) && cells.every(pair => Array.isArray(pair) && pair.length === 2 && pair.every(within))
    const presses = stored.operations
    if (!Array.isArray(presses) || !presses.every(name => buttons.some(([known]) => known === name))) return null
    if (!buttons.every(([, cells]) => isCells(cells))) return null
    return {
      lights: stored.initial_state.map(row => row.join('')),
      buttons: buttons.map(([name, cells]) => ({ name, effect: 'toggles', cells: cells as [number, number][] })),
      presses,
    }
  },
  publishedKey(sample) {
    const key = (sample.solution as { readonly solution?: unknown } | null)?.solution
    return Array.isArray(key) ? key.join(',') : null
  },
})

const isState = (rows: unknown): rows is number[][] =>
  Array.isArray(rows) &&
  rows.length > 0 &&
  rows.every(row => Array.isArray(row) && row.length === rows.length && row.every(state => state === 0 || state === 1))

function readButton(line: string): Button | null {
  const found = /^Button ([A-Z]) (toggles|switches on|switches off): ([() ,0-9]+)$/.exec(line)
  const effect = (Object.keys(words) as Effect[]).find(key => words[key] === found?.[2])
  if (!found || effect === undefined) return null
  const cells = [...found[3]!.matchAll(/\((\d{1,3}), (\d{1,3})\)/g)].map((m): [number, number] => [
    Number(m[1]),
    Number(m[2]),
  ])
  return { name: found[1]!, effect, cells }
}
