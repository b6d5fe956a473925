import { exhibit } from '../src/cli/commands/task/show.ts'
import { draw } from '../src/draw.ts'
import type { Task } from '../src/task.ts'
import { difficultyCurve, effortText } from './gallery-curve.ts'

const said = '<!-- Produced by `npm run gallery`; edit the code, not this page. -->\n'

/** How many draws per level the effort is averaged over. */
export const draws = 20
/** Characters of a text that are shown at most; the rest is cut out of its middle, and the cut is stated. */
const most = { firstQuestion: 4_000, question: 1_200, drawing: 1_600, answer: 500 }

/** Path below the repository to content: a task's page and its difficulty curve. */
export function galleryOf(task: Task): Map<string, string> {
  const efforts = task.levels.map((_, i) => meanEffort(task, i + 1))
  return new Map([
    [`docs/gallery/${task.slug}.md`, taskPage(task, efforts)],
    [`docs/gallery/${task.slug}.svg`, difficultyCurve(task.title, efforts)],
  ])
}

/** The page that lists all tasks. Draws nothing. */
export function galleryIndex(tasks: readonly Task[]): string {
  const rows = tasks.map(({ slug, title, split, about, levels }) => {
    const knobs = `${levels[0]!.knob} → ${levels.at(-1)!.knob}`
    return `| [${cell(title)}](gallery/${slug}.md) | ${split} | ${cell(about)} | ${levels.length} | ${cell(knobs)} | <img src="gallery/${slug}.svg" width="220" alt="effort by level"> |`
  })
  const seen = tasks.filter(task => task.split === 'seen').length
  return `${said}# Gallery of the tasks

${tasks.length} tasks, ${seen} seen and ${tasks.length - seen} unseen (whether the published coach was trained on them). Each has a page with a question
of every level, an answer that is accepted, one that is refused and why, and the effort by level: a count of the
task's own choice that says how much work an exact solution takes, mean of ${draws} draws (seeds 0 to ${draws - 1}, test pool).

| task | split | what is asked | levels | from … to | effort |
|---|---|---|---:|---|---|
${rows.join('\n')}
`
}

/** Mean effort of the first draws of a level. */
export function meanEffort(task: Task, level: number): number {
  let sum = 0
  for (let seed = 0; seed < draws; seed++) sum += task.effort(draw(task, level, seed).puzzle)
  return sum / draws
}

function taskPage(task: Task, efforts: readonly number[]): string {
  const { slug, title, split, version, about, levels } = task
  const rows = levels.map(({ knob, instances }, i) => {
    const size = instances === undefined ? 'over 10 million' : `about ${instances.toLocaleString('en')}`
    return `| ${i + 1} | ${cell(knob)} | ${effortText(efforts[i]!)} | ${size} |`
  })
  return `${said}# ${title}

[All tasks](../gallery.md) · \`${slug}\` · ${split} · version ${version} · [source](../../src/tasks/${slug}/${slug}.ts)

${about}

![Effort by level](${slug}.svg)

| level | what grows | effort | different puzzles |
|---:|---|---:|---|
${rows.join('\n')}

${levels.map((_, i) => levelText(task, i + 1)).join('\n')}`
}

function levelText(task: Task, level: number): string {
  const { question, drawing, accepted, refused } = exhibit(task, level, 0, level - 1)
  const asked = cut(question.prompt, level === 1 ? most.firstQuestion : most.question)
  const whole = asked === question.prompt ? '' : ` Whole: \`codesteer task draw ${task.slug} --level ${level}\``
  const parts = [
    `## Level ${level}: ${task.levels[level - 1]!.knob}`,
    `\`${question.id}\`, ${question.prompt.length.toLocaleString('en')} characters.${whole}\n\n${fenced(asked)}`,
    ...(drawing === null || drawing === question.prompt ? [] : [`Drawn:\n\n${fenced(cut(drawing, most.drawing))}`]),
    `Accepted:\n\n${fenced(cut(accepted, most.answer))}`,
    refused === null
      ? 'Refused: there is no near miss.'
      : `Refused: ${prose(refused.why)}\n\n${fenced(cut(refused.answer, most.answer))}`,
  ]
  return `${parts.join('\n\n')}\n`
}

/** A text with its middle left out where it is too long; what is missing is said in its place. */
export function cut(text: string, characters: number): string {
  if (text.length <= characters) return text
  const [head, tail] = [Math.floor(characters * 0.7), Math.floor(characters * 0.3)]
  const missing = text.length - head - tail
  const notice = `[… ${missing.toLocaleString('en')} of ${text.length.toLocaleString('en')} characters left out here …]`
  return `${text.slice(0, head).toWellFormed()}\n${notice}\n${text.slice(-tail).toWellFormed()}`
}

/** A block whose fence is longer than any run of backticks in it. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}

const cell = (text: string) => prose(text).replaceAll('|', '\\|')

/** Words between Markdown: nothing in them may start markup or a second line. */
const prose = (text: string) =>
  text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>#$~]/g, character => `\\${character}`)
