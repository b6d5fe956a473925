import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const folder = fileURLToPath(new URL('../examples/', import.meta.url))
const expected: Readonly<Record<string, RegExp>> = {
  '01-ask.ts': /^9\.9 after \d turn/,
  '02-watch.ts': /turn 1: code[\s\S]*self-answer: failed[\s\S]*turn 2: code[\s\S]*self-answer: passed/,
  '03-judge.ts': / correct\n$/,
  '04-own-coach.ts': /^3\.14\n$/,
  '05-replay.ts': /^\d+ events, the same again\n$/,
}

describe('examples', () => {
  const names = readdirSync(folder).filter(name => name.endsWith('.ts'))
  it.each(names)('%s runs, prints what it says, and stays under 40 lines', async name => {
    const { stdout } = await promisify(execFile)(process.execPath, [folder + name], { timeout: 60_000 })
    expect(stdout).toMatch(expected[name]!)
    expect(readFileSync(folder + name, 'utf8').split('\n').length).toBeLessThan(40)
  })
})
