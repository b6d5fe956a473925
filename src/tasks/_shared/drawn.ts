const ruler = /^[\s|+=\-─━═│┃║┼╋╬┌┐└┘├┤┬┴╔╗╚╝╠╣╦╩:]+$/
const label =
  /^(?:the\s+)?(?:(?:final|resulting|result|output|new|pooled)\s+)?(?:matrix|grid|board|array)(?:\s+after\s+[a-z ]{1,40}?)?\s*(?:is\s*:?|[:=])\s*/i

/**
 * A grid as answered, without what is drawn or written around its cells: rules between rows, vertical bars, a name
 * (`Grid:`, `matrix =`), numpy's `array(…)`, a LaTeX matrix. What is left suits `readCells`. Linear; callers bound the text.
 */
export function undrawn(text: string): string {
  const named = text.trim().replace(label, '')
  const inner = /^(?:np\.|numpy\.)?(?:array|matrix)\(([\s\S]*)\)$/.exec(named)?.[1] ?? named
  return inner
    .replace(/\\(?:begin|end)\{[a-z]{0,2}(?:matrix|array)\}(?:\{[lcr|]{1,60}\})?/g, ' ')
    .replace(/\\\\/g, '\n')
    .replace(/&/g, ' ')
    .split(/\r?\n/)
    .filter(line => !ruler.test(line))
    .join('\n')
    .replace(/[|│┃║]/g, ' ')
}
