import { textTable } from '../util/text-table.ts'
import type { TaskAudit } from './audit.ts'
import type { Measure } from './measure.ts'
import type { Group } from './verdicts.ts'

/** The columns of the table: heading, what it means, and its value. */
export const columns: readonly (readonly [head: string, about: string, value: (audit: TaskAudit) => string])[] = [
  ['samples', 'published samples', a => String(a.samples)],
  ['lost', 'could not be read or recovered', a => String(a.unrecovered.count)],
  ['distinct', 'different puzzles', a => String(a.distinct)],
  [
    'essential',
    'different puzzles when renamed, reordered or mirrored ones count as one',
    a => String(a.essentiallyDistinct),
  ],
  [
    'keys wrong',
    'stored keys that our rules refuse, of all stored',
    a => (a.keys === 0 ? 'no keys' : `${a.keysWrong.count}/${a.keys}`),
  ],
  [
    'unsolvable',
    'proved to have no right answer (+ open: neither solved nor proved)',
    a => open(a.unsolvable, a.solvabilityOpen),
  ],
  [
    'several',
    'one key stored, several answers right (+ open: count not finished)',
    a => (a.keys === 0 ? 'no keys' : a.severalMeasured ? open(a.severalAnswers, a.severalOpen) : 'not counted'),
  ],
  ['visible', 'the question prints its answer', a => String(a.answerVisible.count)],
  [
    'refused',
    'right answers that the published verifier refused, as rows of verdicts',
    a => groups(a, v => v.rightRefused, rows),
  ],
  ['as asked', 'of these, rows in the very form that the question shows', a => groups(a, v => v.rightRefused, asked)],
  [
    'accepted',
    'wrong answers that the published verifier accepted, as rows of verdicts',
    a => groups(a, v => v.wrongAccepted, rows),
  ],
  ['crashes', 'answers that ended the published verifier, as rows of verdicts', a => groups(a, v => v.crashes, rows)],
]

const open = (found: Measure, undecided: Measure) =>
  undecided.count > 0 ? `${found.count} + ${undecided.count} open` : String(found.count)
const rows = (list: readonly Group[]) => String(list.reduce((sum, group) => sum + group.count, 0))
const asked = (list: readonly Group[]) => {
  if (list.length > 0 && list.every(group => group.inAskedForm === null)) return 'none shown'
  return String(list.reduce((sum, group) => sum + (group.inAskedForm ?? 0), 0))
}

function groups(
  { verdicts }: TaskAudit,
  of: (verdicts: NonNullable<TaskAudit['verdicts']>) => readonly Group[],
  value: (list: readonly Group[]) => string,
): string {
  return verdicts === null ? 'not measured' : value(of(verdicts))
}

/** The whole audit for a person: the table, the legend, and examples of everything that was found. */
export function auditText(audits: readonly TaskAudit[]): string {
  const table = textTable(
    ['task', ...columns.map(([head]) => head)],
    audits.map(audit => [audit.task, ...columns.map(([, , value]) => value(audit))]),
  )
  const legend = columns.map(([head, about]) => `${head.padEnd(10)}  ${about}\n`).join('')
  const told = audits.map(examplesOf).filter(text => text !== '')
  return `${table}\n${legend}\n${told.join('\n')}`
}

/** Every finding of one task with its first samples; empty when there is none. */
export function examplesOf(audit: TaskAudit): string {
  const lines = findingsOf(audit).map(({ name, about, found }) =>
    [
      `  ${name}: ${found.count}${about ? ` (${about})` : ''}\n`,
      ...found.examples.map(({ sample, why }) => `    ${sample}  ${why}\n`),
    ].join(''),
  )
  return lines.length === 0 ? '' : `${audit.task}\n${lines.join('')}`
}

interface NamedFinding {
  readonly name: string
  readonly about: string
  readonly found: Measure
}

/** All findings of one task that are not zero. */
export function findingsOf(audit: TaskAudit): NamedFinding[] {
  const common: NamedFinding[] = [
    { name: 'lost', about: '', found: audit.unrecovered },
    { name: 'keys wrong', about: '', found: audit.keysWrong },
    { name: 'unsolvable', about: '', found: audit.unsolvable },
    { name: 'solvability open', about: '', found: audit.solvabilityOpen },
    { name: 'several answers', about: '', found: audit.severalAnswers },
    { name: 'count of answers open', about: '', found: audit.severalOpen },
    { name: 'answer visible', about: '', found: audit.answerVisible },
  ]
  const probes = audit.probes.map(({ name, about, ...found }) => ({ name, about, found }))
  const grouped = (list: readonly Group[] | undefined, word: string) =>
    (list ?? []).map(({ label, samples, ...found }) => ({
      name: `${word} ${label}`,
      about: `rows, from ${samples} samples`,
      found,
    }))
  return [
    ...common,
    ...probes,
    ...grouped(audit.verdicts?.rightRefused, 'refused'),
    ...grouped(audit.verdicts?.wrongAccepted, 'accepted'),
    ...grouped(audit.verdicts?.crashes, 'crash'),
  ].filter(({ found }) => found.count > 0)
}
