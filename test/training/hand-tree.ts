// Trees as values, for tests of what is selected and written: no run is stored.
import { isFinish } from '../../src/coach.ts'
import { completionOf } from '../../src/coaches/_shared/decision.ts'
import { draw } from '../../src/draw.ts'
import type { ModelMessage } from '../../src/model.ts'
import { fill } from '../../src/prompts/prompts.ts'
import { load } from '../../src/registry.ts'
import type { Task } from '../../src/task.ts'
import type { Tree, TreeNode } from '../../src/training/tree.ts'
import { guidanceOf, type Written } from './stored-tree.ts'

export interface Hand {
  readonly task?: string
  readonly level?: number
  readonly seed?: number
  readonly pool?: 'train' | 'test'
  readonly promptVersion?: string
  readonly simulated?: boolean
  /** What the solver says to a step; default: a short answer. */
  readonly reply?: (step: string) => string
  /** Notices at a step. */
  readonly notices?: (step: string) => TreeNode['notices']
}

/** The tree written down, on a real question of the train pool (default: game-24, level 1). */
export async function handTree(nodes: readonly Written[], options: Hand = {}): Promise<Tree> {
  const { task: slug = 'game-24', level = 1, seed = 0, pool = 'train' } = options
  const task = await load<Task>('tasks', slug)
  const { question } = draw(task, level, seed, pool)
  const { prompt, ...coordinates } = question
  const reply = options.reply ?? (step => `I did ${step}: <<<${step.length}>>>`)
  const make = (written: readonly Written[], history: readonly ModelMessage[], turn: number): TreeNode[] =>
    written.map(([step, below]) => {
      const guidance = guidanceOf(step)
      const completion = completionOf(guidance)
      const said = isFinish(guidance) ? null : reply(step)
      const next: ModelMessage[] = [
        ...history,
        { role: 'assistant', content: completion },
        { role: 'user', content: fill('tuned-round', { reply: said ?? '', check: `checked ${step}`, symbolic: '' }) },
      ]
      const leaf = typeof below === 'string'
      const verdicts = { right: 'correct', wrong: 'incorrect', unscored: 'unscored' } as const
      const stops = { return: 'returned', terminate: 'terminated', code: 'turn-limit', text: 'turn-limit' } as const
      return {
        trajectory: `t-${seed}`,
        turn,
        guidance,
        forced: false,
        prompt: history,
        completion,
        children: leaf ? [] : make(below, next, turn + 1),
        outcome: leaf ? { stop: stops[guidance.action], verdict: verdicts[below] } : null,
        tokens: 120,
        costUsd: 0,
        notices: options.notices?.(step) ?? [],
        reply: said,
      }
    })
  return {
    id: `hand/${slug}-${level}-${seed}`,
    question: { prompt, coordinates },
    models: { task: 'simulated/apprentice', coach: [] },
    coach: 'rules',
    simulated: options.simulated ?? true,
    promptVersion: options.promptVersion ?? 'v1',
    children: make(nodes, [{ role: 'user', content: fill('coach-first', { question: prompt }) }], 1),
  }
}

/** Trees as a source of an export. */
export async function* treesFrom(trees: readonly Tree[]): AsyncGenerator<Tree> {
  yield* trees
}
