import { notices } from '../../loop-safety.ts'
import { describeRun } from '../../run-words.ts'
import type { SteerSettings } from '../../settings.ts'
import type { Trajectory, Turn } from '../../trajectory.ts'
import { cutToTokens } from '../../util/cut.ts'

/** A reply with the result of its program behind it, cut to the budget. */
export async function extendedReply(turn: Turn, settings: SteerSettings): Promise<string> {
  const reply = await cutToTokens(turn.reply?.completion.text ?? '', settings.outputTokens * 2)
  return turn.run === null
    ? reply.text
    : `${reply.text}\n\nExecution of the program: ${await describeRun(turn.run, settings.outputTokens)}`
}

/** What a checker said of a turn, or the given words when it said nothing. */
export function toldBy(turn: Turn, checker: string, otherwise: string): string {
  return turn.checks.find(check => check.checker === checker)?.report.told ?? otherwise
}

/** All turns so far in words, for a coach that is told everything in one message. */
export async function historyWords(soFar: Trajectory, settings: SteerSettings): Promise<string> {
  const rounds = await Promise.all(
    soFar.turns.map(async turn => {
      const checks = turn.checks.map(check => `Checker ${check.checker}: ${check.report.told}`)
      return [
        `--- Turn ${turn.index}, guidance (${turn.guidance.action}) ---`,
        'prompt' in turn.guidance ? turn.guidance.prompt : '',
        `--- Turn ${turn.index}, the solver's reply ---`,
        await extendedReply(turn, settings),
        ...checks,
      ].join('\n')
    }),
  )
  const stuck = settings.loopSafety ? notices(soFar).map(notice => `Note: ${notice.told}`) : []
  return [...rounds, ...stuck].join('\n\n')
}
