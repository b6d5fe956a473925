import { draw } from '../../draw.ts'
import { InputError } from '../../errors.ts'
import { load } from '../../registry.ts'
import type { Summary } from '../../store/run-store.ts'
import type { Pool, Task } from '../../task.ts'
import { nearest } from '../../util/nearest.ts'

/** A question that a model answered once in words and once by a program. */
export interface Pair {
  readonly task: string
  readonly level: number
  readonly seed: number
  readonly pool: Pool
  readonly model: string
  readonly question: string
  readonly textRight: boolean
  readonly codeRight: boolean
  /** Tokens of all roles. */
  readonly textTokens: number
  readonly codeTokens: number
  readonly simulated: boolean
}

/** The two methods that are held against each other, by label or name. */
export interface Ways {
  readonly text: string
  readonly code: string
}

export interface Pairs {
  readonly pairs: readonly Pair[]
  /** Left out: a verdict is missing or `unscored` on one side. */
  readonly unscored: number
  /** Left out: answered one way only. */
  readonly oneWay: number
  /** Left out: the task has another version now, so the question cannot be drawn again. */
  readonly otherVersion: number
}

/** Only pairs in which one way alone was right say which way is right. */
export const isDecisive = (pair: Pair) => pair.textRight !== pair.codeRight

/**
 * Pairs the answers of two methods by model, question and trial. Throws InputError when a method is not in the rows.
 * The questions are drawn again from their coordinates.
 */
export async function pairsOf(rows: readonly Summary[], ways: Ways): Promise<Pairs> {
  const of = (name: string, role: string) => {
    const own = rows.filter(row => row.branchOf === null && (row.label === name || row.method === name))
    if (own.length > 0) return own
    const labels = [...new Set(rows.map(row => row.label))]
    const near = nearest(name, labels)
    throw new InputError(
      `no answers by "${name}" in the runs`,
      `${near ? `Did you mean "${near}"? ` : ''}They hold: ${labels.join(', ') || 'nothing'}. Name the method with --${role}, or make such a run: codesteer run experiments/text-or-code.json --models …`,
    )
  }
  const placeOf = ({ model, task, taskVersion, level, seed, pool, trial }: Summary) =>
    JSON.stringify([model, task, taskVersion, level, seed, pool, trial])
  const codes = new Map(of(ways.code, 'code').map(row => [placeOf(row), row]))
  const texts = new Map(of(ways.text, 'text').map(row => [placeOf(row), row]))
  const left = { unscored: 0, oneWay: [...codes.keys()].filter(place => !texts.has(place)).length, otherVersion: 0 }
  const pairs: Pair[] = []
  for (const [place, text] of texts) {
    const code = codes.get(place)
    if (!code) left.oneWay++
    else if (!isJudged(text) || !isJudged(code)) left.unscored++
    else {
      const pair = await pairOf(text, code)
      if (pair) pairs.push(pair)
      else left.otherVersion++
    }
  }
  // Runs may be given, and rows stored, in any order: what is trained must not depend on it.
  const order = (pair: Pair) => JSON.stringify([pair.task, pair.level, pair.seed, pair.pool, pair.model])
  pairs.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0))
  return { pairs, ...left }
}

const isJudged = (row: Summary) => row.state === 'done' && row.verdict !== null && row.verdict !== 'unscored'

async function pairOf(text: Summary, code: Summary): Promise<Pair | null> {
  const { task: slug, taskVersion, level, seed, pool, model } = text
  const task = await load<Task>('tasks', slug)
  if (task.version !== taskVersion) return null
  return {
    task: slug,
    level,
    seed,
    pool,
    model,
    question: draw(task, level, seed, pool).question.prompt,
    textRight: text.verdict === 'correct',
    codeRight: code.verdict === 'correct',
    textTokens: text.inputTokens + text.outputTokens,
    codeTokens: code.inputTokens + code.outputTokens,
    simulated: text.simulated || code.simulated,
  }
}
