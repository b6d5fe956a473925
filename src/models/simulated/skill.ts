import { load, names } from '../../registry.ts'
import type { Task } from '../../task.ts'
import { pythonLiteral, pythonProgram } from '../../tasks/_shared/python.ts'
import type { Rng } from '../../util/rng.ts'

/** What the apprentice can do about one question, all of it drawn from the question's text. */
export interface Skill {
  /** The question as it stands in the text. */
  readonly question: string
  readonly right: string
  /** A wrong answer that looks right. */
  wrong(rng: Rng): string
  program(quality: 'full' | 'lazy'): Promise<string>
  /** A program that tests an answer and prints `Correct` or `Wrong: …`. */
  checkingProgram(answer: string): Promise<string>
}

/** Finds the question in a text and what can be done about it; null for questions the apprentice never learned. */
export async function skillFor(text: string): Promise<Skill | null> {
  const tasks = await Promise.all(names('tasks').map(slug => load<Task>('tasks', slug)))
  for (const task of tasks) {
    const puzzle = task.read(text)
    if (puzzle !== null) return taskSkill(task, puzzle)
  }
  return comparison(text)
}

/** A program without its head comment, which says more about it than a model would. */
const withoutHead = (source: string) => source.replace(/^(#[^\n]*\n)+/, '')

function taskSkill(task: Task, puzzle: unknown): Skill {
  const right = task.solve(puzzle)
  const program = async (quality: 'full' | 'lazy') => withoutHead((await pythonProgram(task, puzzle, quality)) ?? '')
  return {
    question: task.ask(puzzle),
    right,
    wrong: rng => rng.pick(task.nearMisses(puzzle, rng).slice(0, 3)) ?? 'unknown',
    program,
    async checkingProgram(answer) {
      const own = await pythonProgram(task, puzzle, 'check', { ANSWER: answer })
      return own === null ? compareProgram(await program('full'), answer) : withoutHead(own)
    },
  }
}

/** Works the answer out again and compares; for questions with one right answer. */
function compareProgram(solver: string, answer: string): string {
  return `import contextlib
import io
import re

ANSWER = ${pythonLiteral(answer)}

source = ${pythonLiteral(solver)}
printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    exec(compile(source, "again", "exec"), {"__name__": "again"})
expected = re.findall(r"<<<(.*?)>>>", printed.getvalue(), re.S)[-1]


def essence(text):
    return re.sub(r"\\s+", "", text).lower()


if essence(expected) == essence(ANSWER):
    print("Correct")
else:
    print(f"Wrong: computed {expected.strip()[:200]} instead")
`
}

/** The one thing everybody asks first: which of two decimals is larger. */
function comparison(text: string): Skill | null {
  const found =
    /(\d+\.\d+)\D{1,20}?(\d+\.\d+)[^.?!]{0,60}\b(larger|bigger|greater|smaller|less)\b|\b(larger|bigger|greater|smaller|less)\b[^.?!\d]{0,60}(\d+\.\d+)\D{1,20}?(\d+\.\d+)/i.exec(
      text,
    )
  if (!found) return null
  const [a, b] = [(found[1] ?? found[5])!, (found[2] ?? found[6])!]
  const wantsLess = /smaller|less/i.test((found[3] ?? found[4])!)
  const scale = Math.max(a.split('.')[1]!.length, b.split('.')[1]!.length)
  const units = (x: string) => BigInt(x.split('.')[0]! + x.split('.')[1]!.padEnd(scale, '0'))
  const larger = units(a) > units(b) ? a : b
  const [right, wrong] = (larger === a) === !wantsLess ? [a, b] : [b, a]
  const program = async (quality: 'full' | 'lazy') =>
    quality === 'full'
      ? `from decimal import Decimal\n\nA, B = "${a}", "${b}"\nchosen = ${wantsLess ? 'min' : 'max'}(A, B, key=Decimal)\nassert Decimal(A) != Decimal(B)\nprint(f"<<<{chosen}>>>")\n`
      : `print("<<<${wrong}>>>")\n`
  return {
    question: found[0],
    right,
    wrong: () => wrong,
    program,
    async checkingProgram(answer) {
      return compareProgram(await program('full'), answer)
    },
  }
}
