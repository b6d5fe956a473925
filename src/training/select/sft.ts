import { contentHash } from '../../util/hash.ts'
import { seededRng } from '../../util/rng.ts'
import type { SftExample, Tree, TreeNode } from '../tree.ts'
import { type ChatMessage, pathsOf, plain, wentWrong } from './messages.ts'
import { unifiedPrompt, unifiedWords } from './unified.ts'

/** A trajectory that is learned from, before it is written out as rows. */
export interface Lesson {
  /** Hash of `messages` and `learned`. */
  readonly id: string
  readonly tree: string
  readonly task: string
  readonly level: number
  /** Decisions of the coach. */
  readonly turns: number
  /** The decisions in their order, e.g. `code`, `return`. */
  readonly actions: readonly string[]
  readonly messages: readonly ChatMessage[]
  /** Indices of the coach's turns that carry loss; ascending, the last message always among them. */
  readonly learned: readonly number[]
}

export interface SftOptions {
  /** At most so many trajectories of one question; null for all. */
  readonly maxPerTree: number | null
  readonly unified: boolean
  readonly seed: number
}

export interface Lessons {
  readonly lessons: readonly Lesson[]
  readonly left: {
    /** Ended with a wrong answer, none, or one that could not be judged. */
    readonly notCorrect: number
    /** Right, but the coach did not return the answer itself. */
    readonly notReturned: number
    /** Beyond `maxPerTree`. */
    readonly overLimit: number
  }
  /** Coach turns that are in the conversation but not learned, since a void turn or a repeated failure came of them or after them. */
  readonly turnsMasked: number
}

/**
 * The trajectories of a tree that are learned from: right, and ended by the coach's own `return` (paper, section 4.2: only
 * trajectories that end right are kept). Guidance that led to a void turn or to one more failed program is not learned, nor
 * is what came before it: what is learned then begins with the way out.
 */
export function lessonsOf(tree: Tree, options: SftOptions): Lessons {
  const left = { notCorrect: 0, notReturned: 0, overLimit: 0 }
  const found: Lesson[] = []
  let turnsMasked = 0
  for (const path of pathsOf(tree.children)) {
    const outcome = path.at(-1)?.outcome
    if (outcome?.verdict !== 'correct') left.notCorrect++
    else if (outcome.stop !== 'returned') left.notReturned++
    else {
      const lesson = lessonOf(tree, path, options.unified)
      found.push(lesson)
      turnsMasked += lesson.turns - lesson.learned.length
    }
  }
  const limit = options.maxPerTree ?? found.length
  if (found.length <= limit) return { lessons: found, left, turnsMasked }
  const kept = seededRng('sft', options.seed, tree.id).sample(found, limit)
  turnsMasked = kept.reduce((sum, lesson) => sum + lesson.turns - lesson.learned.length, 0)
  return {
    lessons: found.filter(lesson => kept.includes(lesson)),
    left: { ...left, overLimit: found.length - limit },
    turnsMasked,
  }
}

function lessonOf(tree: Tree, path: readonly TreeNode[], unified: boolean): Lesson {
  const last = path.at(-1)!
  const before = unified ? unifiedPrompt(tree.question.prompt, path) : last.prompt.map(plain)
  const messages = [...before, { role: 'assistant' as const, content: unified ? unifiedWords(last) : last.completion }]
  const bad = path.findLastIndex(wentWrong)
  const learned = messages.flatMap(({ role }, i) => (role === 'assistant' ? [i] : [])).slice(bad + 1)
  const { task, level } = tree.question.coordinates
  return {
    id: contentHash({ messages, learned }),
    tree: tree.id,
    task,
    level,
    turns: path.length,
    actions: path.map(node => node.guidance.action),
    messages,
    learned,
  }
}

/**
 * A trajectory as rows: one with all learned turns, and one more for each of the two final turns, which so weigh double
 * (paper, section 4.2, against contradictory labels when [code, return] and [text, code, return] are both right). Trainers
 * have no common way to weigh a turn, but all can take a row twice.
 */
export function examplesOf(lesson: Lesson): SftExample[] {
  const { id, tree, task, level, messages, learned } = lesson
  const from = { tree, task, level }
  const whole: SftExample = { id, ...from, messages, learned, part: 'whole' }
  const again = learned.slice(-2).map((at): SftExample => {
    const own = messages.slice(0, at + 1)
    return {
      id: contentHash({ messages: own, learned: [at], part: 'last-turn' }),
      ...from,
      messages: own,
      learned: [at],
      part: 'last-turn',
    }
  })
  return [whole, ...again]
}
