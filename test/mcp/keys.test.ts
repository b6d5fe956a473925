// Nobody learns a key of SymBench through the tools: what is drawn is the question alone, what is judged is a verdict alone.
import { describe, expect, it } from 'vitest'
import { draw } from '../../src/draw.ts'
import type { Service } from '../../src/gateway/service.ts'
import { symbenchDrawTool, symbenchJudgeTool } from '../../src/mcp/symbench-tools.ts'
import type { Step } from '../../src/mcp/tool.ts'
import { load, names } from '../../src/registry.ts'
import type { Task } from '../../src/task.ts'
import { seededRng } from '../../src/util/rng.ts'

const step: Step = {
  place: {
    service: {} as Service,
    inside: 0,
    enter: () => () => {},
    abort: () => {},
    record: () => {
      throw new Error('nothing is recorded here')
    },
    trusted: false,
  },
  signal: new AbortController().signal,
  progress: { listening: false, say: () => {}, waiting: () => {}, close: () => {} },
}
const plain = (text: string) => text.replace(/[\s"]+/g, '').toLowerCase()

describe('no key comes out', () => {
  it.each(names('tasks'))('%s', async slug => {
    const task = await load<Task>('tasks', slug)
    for (const pool of ['test', 'train'] as const) {
      for (const level of [1, task.levels.length]) {
        const { question, puzzle } = draw(task, level, 3, pool)
        const at = { task: slug, level, seed: 3, count: 1, pool }
        const drawn = await symbenchDrawTool.call(at, step)
        expect(symbenchDrawTool.output.parse(drawn.structured).questions).toEqual([question])
        expect(drawn.text).toBe(`── ${question.id}\n${question.prompt}`)
        const judge = async (answer: string) => {
          const { structured, text } = await symbenchJudgeTool.call({ id: question.id, answer }, step)
          return { ...symbenchJudgeTool.output.parse(structured), text }
        }
        const key = task.solve(puzzle)
        expect((await judge(`<<<${key}>>>`)).verdict).toBe('correct')
        for (const answer of [...task.nearMisses(puzzle, seededRng(slug, level)), 'hello', '[]', '0', 'A']) {
          const { verdict, why, text } = await judge(answer)
          expect(['correct', 'incorrect', 'malformed', 'no-answer']).toContain(verdict)
          if (verdict === 'correct' || verdict === 'incorrect') expect([why, text]).toEqual([null, verdict])
          else if (plain(key).length > 4 && !plain(answer).includes(plain(key)))
            expect(plain(text)).not.toContain(plain(key))
        }
      }
    }
  })
})
