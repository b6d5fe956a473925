// The rules of the house that a machine can check.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { load, names, type RegistryFolder } from '../../src/registry.ts'
import { version } from '../../src/version.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const filesBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(root, join(entry.parentPath, entry.name)))
const sources = filesBelow('src').filter(path => path.endsWith('.ts') && !path.endsWith('.d.ts'))
const production = sources.filter(path => !path.endsWith('.test.ts'))
const text = (path: string) => readFileSync(join(root, path), 'utf8')

/** The rings of the house, from the inside out. A file may import from its own ring and from those before it. */
const rings = ['util', 'contract', 'implementation', 'pipeline', 'app'] as const

function ringOf(path: string): number {
  const [, first, second] = path.split('/')
  if (first === 'util' || first === 'version.ts' || first === 'errors.ts') return 0
  // A door of its own, beside the command line and the gateway.
  if (first === 'ai-sdk.ts') return 4
  if (second === undefined) {
    const pipeline = [
      'assemble',
      'continue',
      'tape',
      'replay',
      'verify',
      'score',
      'judge',
      'index',
      'audit',
      'import',
    ].map(name => `${name}.ts`)
    return pipeline.includes(first!) ? 3 : 1
  }
  if (first === 'prompts') return 1
  if (['tasks', 'models', 'sandboxes', 'checkers', 'coaches', 'methods'].includes(first!)) return 2
  if (['store', 'experiment', 'report', 'training', 'import', 'audit'].includes(first!)) return 3
  return 4
}

const importsOf = (path: string) =>
  [...text(path).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(found =>
    relative(root, resolve(root, dirname(path), found[1]!)),
  )

describe('imports', () => {
  it.each(production)('%s imports inwards only', path => {
    for (const target of importsOf(path)) {
      expect(
        ringOf(target),
        `${path} (${rings[ringOf(path)]}) imports ${target} (${rings[ringOf(target)]})`,
      ).toBeLessThanOrEqual(ringOf(path))
    }
  })

  it('importing a file does nothing: no output, no open handle, no file written', () => {
    // The viewer's page runs in a browser: its own tests open it there.
    const quiet = production.filter(path => !/guest|runner|worker|^src\/viewer\/page\//.test(path))
    const script = `${quiet.map(path => `await import(${JSON.stringify(join(root, path))})`).join('\n')}\n`
    const began = Date.now()
    const printed = execFileSync(process.execPath, ['--input-type=module', '-'], {
      input: script,
      encoding: 'utf8',
      cwd: '/',
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: 30_000,
    })
    expect(printed).toBe('')
    expect(Date.now() - began).toBeLessThan(30_000)
  }, 40_000)
})

describe('names', () => {
  const named: readonly [RegistryFolder, 'slug' | 'name'][] = [
    ['tasks', 'slug'],
    ['models', 'name'],
    ['sandboxes', 'name'],
    ['checkers', 'name'],
    ['coaches', 'name'],
  ]
  it.each(named)('in %s the folder listing is the registry', async (folder, field) => {
    expect(names(folder).length).toBeGreaterThan(0)
    for (const name of names(folder)) expect((await load<Record<string, unknown>>(folder, name))[field]).toBe(name)
  })

  it('are kebab-case everywhere', () => {
    for (const path of sources) expect(path).toMatch(/^([a-z0-9.-]+\/|_shared\/)+[a-z0-9.-]+$/)
  })

  it('give the package one version', () => {
    expect(version).toBe((JSON.parse(text('package.json')) as { version: string }).version)
  })
})

describe('text', () => {
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\0')
    .filter(path => path !== '' && !/\.(png|ico|wasm|jpg)$/.test(path))

  it('speaks of no machine, and holds no key', () => {
    // Spelt in pieces, so that this file does not find itself.
    const places = [
      ['/wo', 'rk/'],
      ['/ro', 'ot/.'],
      ['/opt/', 'pypi'],
      ['.library', '/'],
    ].map(parts => parts.join(''))
    // The hostile programs try the very paths that nothing else may name.
    for (const path of tracked.filter(p => !p.startsWith('test/hostile/programs/'))) {
      const content = text(path)
      for (const place of places) expect(content.includes(place), `${path} holds ${place}`).toBe(false)
      expect(/sk-[A-Za-z0-9]{32,}/.test(content), `${path} holds a key`).toBe(false)
    }
  })

  it('evaluates nothing in the host', () => {
    for (const path of production) {
      expect(
        /\beval\s*\(|new Function\s*\(/.test(text(path).replace(/(['"`/])(?:\\.|(?!\1)[^\\\n])*\1/g, '')),
        path,
      ).toBe(false)
    }
  })

  it('writes to the terminal in the command line only', () => {
    for (const path of production.filter(p => !p.startsWith('src/cli/')))
      expect(/process\.(stdout|stderr)\.write|console\.\w+\(/.test(text(path)), path).toBe(false)
  })

  it('keeps files to one subject: none longer than 420 lines', () => {
    const long = production
      .map(path => [path, text(path).split('\n').length] as const)
      .filter(([path, lines]) => lines > 420 && !/table|words|stories|families/.test(path))
    expect(long).toEqual([])
  })
})

describe('the lock', () => {
  it('is in step with package.json for every platform (mend: npm install && node tools/lock.ts)', () => {
    const dry = () =>
      execFileSync('npm', ['ci', '--dry-run', '--ignore-scripts', '--no-audit'], { cwd: root, stdio: 'pipe' })
    expect(dry).not.toThrow()
  }, 60_000)
})
