/** Python source as coloured terminal text, or as it is where there are no colours. */
export type Highlighter = (source: string) => string

/** Loads the grammar (about 60 ms) the first time; `dark` chooses the palette for the terminal's background. */
export async function pythonHighlighter(dark: boolean): Promise<Highlighter> {
  const [{ createHighlighterCore }, { createJavaScriptRegexEngine }, python, theme] = await Promise.all([
    import('shiki/core'),
    import('shiki/engine/javascript'),
    import('shiki/langs/python.mjs'),
    dark ? import('shiki/themes/github-dark.mjs') : import('shiki/themes/github-light.mjs'),
  ])
  const highlighter = await createHighlighterCore({
    langs: [python.default],
    themes: [theme.default],
    engine: createJavaScriptRegexEngine(),
  })
  const name = dark ? 'github-dark' : 'github-light'
  return source =>
    highlighter
      .codeToTokensBase(source, { lang: 'python', theme: name })
      .map(line => line.map(token => coloured(token.content, token.color)).join(''))
      .join('\n')
}

function coloured(text: string, colour: string | undefined): string {
  const rgb = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(colour ?? '')
  if (!rgb || text.trim() === '') return text
  return `\u001b[38;2;${rgb
    .slice(1, 4)
    .map(hex => Number.parseInt(hex, 16))
    .join(';')}m${text}\u001b[39m`
}
