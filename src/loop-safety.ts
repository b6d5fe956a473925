import type { Trajectory, Turn } from './trajectory.ts'

/** Something a loop does when it is stuck. `told` is said to the coach. */
export interface Notice {
  readonly kind: 'repeated-code' | 'void-turn' | 'repeated-failure' | 'repeated-wrong-answer'
  readonly told: string
}

const essence = (source: string) => source.replace(/#[^\n]*/g, '').replace(/\s+/g, '')

/** True when a turn's program did not come to an end of its own with exit code 0. */
export function runFailed(turn: Turn): boolean {
  return turn.run !== null && (turn.run.outcome !== 'finished' || turn.run.exitCode !== 0)
}

/** What the latest turn shows of a loop that goes in circles. Empty when all is well. */
export function notices({ turns }: Pick<Trajectory, 'turns'>): Notice[] {
  const last = turns.at(-1)
  if (!last) return []
  const before = turns.slice(0, -1)
  const found: Notice[] = []
  const twin =
    last.source !== null && before.find(turn => turn.source !== null && essence(turn.source) === essence(last.source!))
  if (twin) found.push({ kind: 'repeated-code', told: `The program is the same as in turn ${twin.index}.` })
  if (last.source === null && last.answer === null) {
    found.push({ kind: 'void-turn', told: 'The reply holds neither a program nor a marked answer.' })
  }
  if (runFailed(last) && before.some(runFailed)) {
    const failures = turns.filter(runFailed).length
    found.push({ kind: 'repeated-failure', told: `${failures} programs have failed so far.` })
  }
  const wrong = before.find(
    turn => turn.answer !== null && last.answer !== null && turn.answer.text === last.answer.text && checkedWrong(turn),
  )
  if (wrong) {
    found.push({
      kind: 'repeated-wrong-answer',
      told: `This is the answer of turn ${wrong.index}, which a check found wrong.`,
    })
  }
  return found
}

const checkedWrong = (turn: Turn) =>
  turn.checks.some(check => check.checker === 'self-answer' && check.report.outcome === 'failed')
