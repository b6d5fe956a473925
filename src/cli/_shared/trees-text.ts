import pc from 'picocolors'
import { alignedTable, type Column } from '../../report/text-table.ts'
import type { Counts, TreeDiagnostics } from '../../training/diagnostics.ts'
import { countText, moneyText } from './run-display.ts'

const text = (head: string): Column => ({ head })
const number = (head: string): Column => ({ head, number: true })
const whole = (n: number) => n.toLocaleString('en')
const share = (part: number, of: number) => (of === 0 ? '–' : `${((100 * part) / of).toFixed(1)} %`)
const list = (counts: Counts) =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${whole(count)}`)
    .join(', ') || 'none'

const leftWords: Readonly<Record<keyof TreeDiagnostics['pairs']['left'], string>> = {
  unscored: 'not judged',
  tie: 'tied',
  smallGap: 'too near',
  nonePositive: 'none positive',
  betterWentWrong: 'the better one went wrong',
  sameWords: 'same words',
  overLimit: 'over the limit',
}

/** What trees hold, for a person. */
export function treesText(found: TreeDiagnostics, colour: boolean): string {
  const paint = pc.createColors(colour)
  const { paths, decisions, pairs, noContrast, length, guard, turns } = found
  const left = Object.entries(pairs.left).map(
    ([reason, n]) => [leftWords[reason as keyof typeof leftWords], n] as const,
  )
  const lines = [
    `${paint.bold(`${whole(found.trees)} trees`)}, ${whole(paths.total)} paths, ${share(paths.right, paths.judged)} of ${whole(paths.judged)} judged came out right; ${countText(found.tokens)} tokens, ${moneyText(found.costUsd)}`,
    `task model ${found.taskModels.join(', ')}${found.simulated ? ' (simulated)' : ''}; coach ${found.coaches.join(', ')}; prompts ${found.promptVersions.join(', ')}`,
    `decisions  ${whole(decisions.total)}: ${list(decisions.byAction)}; forced ${share(decisions.forced, decisions.total)}`,
    `imitable   ${whole(paths.returnedRight)} paths end right by a return`,
    '',
    `${paint.bold(`${whole(pairs.kept)} preference pairs`)} by the score ${found.score}, gap above ${found.minGap}`,
    `by turn    ${list(pairs.byTurn)}`,
    `by gap     ${list(pairs.byGap)}`,
    `by action  ${list(pairs.byAction)}`,
    `left out   ${list(Object.fromEntries(left.filter(([, n]) => n > 0)))}`,
    `no pair    ${whole(noContrast.trees)} trees (${share(noContrast.trees, found.trees)}), ${whole(noContrast.allAlike)} of them with all paths alike`,
    `length     preferred ${charactersOf(length.chosen)}, rejected ${charactersOf(length.rejected)}; the longer is preferred in ${length.longerPreferred === null ? '–' : share(length.longerPreferred, 1)} of ${whole(length.unequal)}`,
    `guard      return before an answer ${guard.returnFirst}, giving up preferred ${guard.terminatePreferred}, wrong though confirmed ${guard.confirmedWrong} of ${guard.confirmed}, answer told ${guard.answerTold} (a checker's finding passed on ${guard.answerPassedOn})`,
    `turns      ${whole(turns.total)}; noticed ${list(turns.noticed)}; void or failed again ${share(turns.wentWrong, turns.total)}`,
    '',
  ]
  const rows = found.byTask.map(({ task, trees, judged, right, pairs: of }) => [
    task,
    whole(trees),
    whole(judged),
    share(right, judged),
    whole(of),
  ])
  const table = alignedTable([text('task'), number('trees'), number('judged'), number('right'), number('pairs')], rows)
  const warnings = found.warnings.map(warning => `${paint.yellow('!')} ${warning}`)
  return `${[...lines, table.trimEnd(), ...(warnings.length > 0 ? ['', ...warnings] : [])].join('\n')}\n`
}

const charactersOf = (mean: number | null) => (mean === null ? '–' : `${mean.toFixed(0)} characters`)
