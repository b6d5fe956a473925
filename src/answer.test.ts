import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerOf, codeBlocks, lastMarked, partsOf, programOf } from './answer.ts'

const tolerant = { block: 'last', fences: 'tolerant' } as const
const asPublished = { block: 'first', fences: 'published' } as const

describe('lastMarked', () => {
  it.each([
    ['<<<42>>>', '42'],
    ['first <<<1>>> then <<<2>>>', '2'],
    ['<<<a>>> and later >>> alone', 'a'],
    ['<<< spaced \n out >>>', 'spaced \n out'],
    ['<<<open only', null],
    ['<<<7>>> and <<<open', '7'],
    ['<<<<5>>>>', '5'],
    ['<<<>>>', null],
    ['', null],
    ['>>> print(1)', null],
  ])('%j gives %j', (text, answer) => expect(lastMarked(text)).toBe(answer))

  it('is total and quick', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', 'a', '\n'), maxLength: 60 }),
        text => void lastMarked(text),
      ),
    )
    const begun = performance.now()
    lastMarked('<<<'.repeat(200_000))
    lastMarked('>>>'.repeat(200_000))
    expect(performance.now() - begun).toBeLessThan(1_000)
  })
})

describe('fences that the published extraction misses', () => {
  const code = 'print(6 * 7)'
  it.each([
    ['capital', '```Python\nprint(6 * 7)\n```'],
    ['py', '```py\nprint(6 * 7)\n```'],
    ['python3', '```python3\nprint(6 * 7)\n```'],
    ['no language', 'Here:\n```\nprint(6 * 7)\n```\nDone.'],
    ['blank behind the language', '```python \nprint(6 * 7)\n```'],
    ['CRLF', '```python\r\nprint(6 * 7)\r\n```\r\n'],
    ['unterminated', 'So:\n```python\nprint(6 * 7)'],
    ['closing fence on the last line of code', '```python\nprint(6 * 7)```'],
    ['indented closing fence', '```python\nprint(6 * 7)\n   ```'],
    ['indented block in a list', '- run this:\n  ```python\n  print(6 * 7)\n  ```'],
    ['tildes', '~~~python\nprint(6 * 7)\n~~~'],
    ['attributes', '```{.python .numberLines}\nprint(6 * 7)\n```'],
    ['all on one line', '```python print(6 * 7)```'],
    ['title', '```python title="a.py"\nprint(6 * 7)\n```'],
  ])('%s', (_, reply) => {
    expect(programOf(reply, tolerant)?.trim()).toBe(code)
    expect(programOf(reply, asPublished)).toBeNull()
  })

  it.each([
    ['list item itself', '1. ```python\nprint(6 * 7)\n```'],
    ['four backticks', '````python\nprint(6 * 7)\n````'],
  ])('%s', (_, reply) => expect(programOf(reply, tolerant)?.trim()).toBe(code))

  it('finds the plain form in both ways', () => {
    expect(programOf('```python\nprint(1)\n```', tolerant)?.trim()).toBe('print(1)')
    expect(programOf('```python\nprint(1)\n```', asPublished)).toBe('print(1)')
  })

  it('is not ended by a fence inside a string literal', () => {
    const reply = '```python\ntext = """\n```\n"""\nprint(len(text))\n```\nThat is all.'
    expect(programOf(reply, tolerant)).toContain('print(len(text))')
    expect(programOf('```python\nprint("```")\nprint(2)\n```', tolerant)).toContain('print(2)')
  })

  it('takes the last Python block, or the first, and leaves other languages alone', () => {
    const reply =
      '```bash\npip install x\n```\n```python\nprint(1)\n```\n```json\n{"a": 1}\n```\n```python\nprint(2)\n```\n```\nOutput: 2\n```'
    expect(programOf(reply, tolerant)?.trim()).toBe('print(2)')
    expect(programOf(reply, { ...tolerant, block: 'first' })?.trim()).toBe('print(1)')
    expect(codeBlocks(reply).map(block => block.language)).toEqual(['bash', 'python', 'json', 'python', ''])
  })

  it('runs no shell block, no JSON, no plain words', () => {
    expect(programOf('```sh\npython3 x.py\n```', tolerant)).toBeNull()
    expect(programOf('```\n{"answer": 42}\n```', tolerant)).toBeNull()
    expect(programOf('```\n<<<42>>>\n```', tolerant)).toBeNull()
    expect(programOf('no code at all', tolerant)).toBeNull()
    expect(programOf('```python\n\n```', tolerant)).toBeNull()
  })

  it('is total', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('`', '~', '\n', ' ', 'python', '"""', "'", '\\', 'a', '\r'), maxLength: 80 }),
        text => {
          for (const block of codeBlocks(text)) expect(typeof block.code).toBe('string')
        },
      ),
    )
  })
})

describe('answerOf', () => {
  const run = (stdout: string) =>
    ({ outcome: 'finished', exitCode: 0, stdout, stderr: '', droppedBytes: 0, tookMs: 1 }) as const
  it('takes the output of this reply’s code, never its words, when it has code', () => {
    expect(answerOf('<<<1>>>', 'print()', run('<<<2>>>\n'))).toEqual({ text: '2', from: 'code-output' })
    expect(answerOf('<<<1>>>', 'print()', run('nothing'))).toBeNull()
    expect(answerOf('<<<1>>>', 'print()', null)).toBeNull()
  })
  it('takes the words when there is no code', () => {
    expect(answerOf('so <<<1>>>', null, null)).toEqual({ text: '1', from: 'reply' })
    expect(answerOf('so 1', null, null)).toBeNull()
  })
})

describe('partsOf', () => {
  const told = (text: string) =>
    partsOf(text).map(part => ('words' in part ? part.words : [part.block.language, part.block.code]))

  it('gives words and blocks in their order, without the fences', () => {
    expect(told('First this:\n```python\nx = 1\n```\nthen\r\n```\nplain\n```\nand that.')).toEqual([
      'First this:',
      ['python', 'x = 1'],
      'then',
      ['', 'plain'],
      'and that.',
    ])
  })

  it('keeps a block that never ends, and one on a single line', () => {
    expect(told('a ```b``` c')).toEqual(['a ```b``` c'])
    expect(told('```python print(1)```\nafter')).toEqual([['python', 'print(1)'], 'after'])
    expect(told('cut off:\n```python\nfor i in')).toEqual(['cut off:', ['python', 'for i in']])
    expect(told('')).toEqual([])
  })

  it('has the very blocks of codeBlocks, and the words between them', () => {
    const piece = fc.constantFrom('word ', '\n', '```', '```python\n', 'x = 1\n', '~~~', '  ', '"""', '- ')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
        const text = pieces.join('')
        const parts = partsOf(text)
        expect(parts.flatMap(part => ('block' in part ? [part.block] : []))).toEqual(codeBlocks(text))
        for (const part of parts) if ('words' in part) expect(text).toContain(part.words)
      }),
    )
  })
})
