import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { load, names } from '../src/registry.ts'
import type { Task } from '../src/task.ts'
import { difficultyCurve, effortText } from '../tools/gallery-curve.ts'
import { cut, fenced, galleryIndex, galleryOf } from '../tools/gallery-pages.ts'

const tasks = await Promise.all(names('tasks').map(slug => load<Task>('tasks', slug)))
const committed = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

describe('the gallery is up to date (npm run gallery)', () => {
  it.each(tasks.map(task => [task.slug, task] as const))('%s', (_, task) => {
    for (const [path, content] of galleryOf(task)) expect(committed(path), path).toBe(content)
  })

  it('index, and no page of a task that is gone', () => {
    expect(committed('docs/gallery.md')).toBe(galleryIndex(tasks))
    const expected = tasks.flatMap(({ slug }) => [`${slug}.md`, `${slug}.svg`])
    expect(readdirSync(new URL('../docs/gallery', import.meta.url)).sort()).toEqual(expected.sort())
  })
})

describe('a page', () => {
  it('states what was cut out', () => {
    expect(cut('short', 100)).toBe('short')
    const text = cut('a'.repeat(900) + 'b'.repeat(600), 1_000)
    expect(text).toBe(`${'a'.repeat(700)}\n[… 500 of 1,500 characters left out here …]\n${'b'.repeat(300)}`)
  })

  it('cannot be broken out of by backticks', () => {
    expect(fenced('a ``` b')).toBe('````text\na ``` b\n````')
    expect(fenced('plain')).toBe('```text\nplain\n```')
  })
})

describe('the difficulty curve', () => {
  it('has bars in proportion, or in logarithms where the levels lie far apart', () => {
    const heights = (svg: string) =>
      [...svg.matchAll(/class="bar".*? height="(\d+)"/g)].map(([, height]) => Number(height))
    expect(heights(difficultyCurve('A', [10, 20, 40]))).toEqual([35, 70, 140])
    const far = heights(difficultyCurve('A', [1, 100, 10_000]))
    expect(far[1]! - far[0]!).toBeCloseTo(far[2]! - far[1]!, -1)
    expect(difficultyCurve('A', [1, 100, 10_000])).toContain('logarithmic scale: 1, 100, 10,000')
  })

  it('is one well-formed picture for light and dark pages', () => {
    const svg = difficultyCurve('Less < More & so on', [1, 2])
    expect(svg).toContain('Less &lt; More &amp; so on: effort by level')
    expect(svg).toContain('prefers-color-scheme: dark')
    for (const tag of ['svg', 'title', 'style', 'text'])
      expect(svg.split(`<${tag}`).length, tag).toBe(svg.split(`</${tag}>`).length)
  })

  it('writes efforts in three digits', () => {
    expect([0, 8.349, 71, 2_205.4, 31_234_567, 4.2e12, 3.3e20].map(effortText)).toEqual([
      '0',
      '8.35',
      '71',
      '2,205',
      '31.2 M',
      '4.2 T',
      '3.3e+20',
    ])
  })
})
