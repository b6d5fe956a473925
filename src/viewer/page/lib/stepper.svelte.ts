import { remember, remembered } from './theme.svelte.ts'

const kept = 'codesteer-keys'

export interface Stepper {
  /** `seq` of the step one stands on, or null. */
  readonly current: number | null
  /** Single keys may be in the way of a reader's own; they can be turned off, and that is kept. */
  enabled: boolean
  to(seq: number): void
  onkeydown(event: KeyboardEvent, help: () => void): void
}

/** Walks the steps of a conversation by keyboard: moves the focus, so that a screen reader follows. */
export function stepper(root: () => HTMLElement | undefined): Stepper {
  let current = $state<number | null>(null)
  let enabled = $state(remembered(kept) !== 'off')

  const all = (selector: string) => [...(root()?.querySelectorAll<HTMLElement>(selector) ?? [])]

  function stand(element: HTMLElement | undefined): void {
    if (!element) return
    current = Number(element.dataset.seq)
    element.focus({ preventScroll: true })
    const smooth = matchMedia('(prefers-reduced-motion: no-preference)').matches
    element.scrollIntoView({ block: 'start', behavior: smooth ? 'smooth' : 'instant' })
  }

  function move(by: number, selector = '[data-seq]'): void {
    const elements = all(selector)
    const seqs = elements.map(element => Number(element.dataset.seq))
    const at = current
    const next =
      at === null
        ? by > 0
          ? 0
          : elements.length - 1
        : by > 0
          ? seqs.findIndex(seq => seq > at)
          : seqs.findLastIndex(seq => seq < at)
    stand(elements[next])
  }

  function currentElement(): HTMLElement | undefined {
    return current === null ? undefined : all(`[data-seq="${current}"]`)[0]
  }

  function act(key: string, help: () => void): boolean {
    if (key === 'j' || key === 'ArrowRight') move(1)
    else if (key === 'k' || key === 'ArrowLeft') move(-1)
    else if (key === ']')
      move(1, '.turn > .steps > [data-seq]:first-child, .turn > .steps > li:first-child > [data-seq]')
    else if (key === '[')
      move(-1, '.turn > .steps > [data-seq]:first-child, .turn > .steps > li:first-child > [data-seq]')
    else if (key === 'o') toggle()
    else if (key === 'f') currentElement()?.closest('.turn')?.querySelector<HTMLElement>('.fork-here')?.click()
    else if (key === '?') help()
    else return false
    return true
  }

  function toggle(): void {
    const folds = [...(currentElement()?.querySelectorAll('details') ?? [])]
    const open = folds.some(fold => !fold.open)
    for (const fold of folds) fold.open = open
  }

  return {
    get current() {
      return current
    },
    get enabled() {
      return enabled
    },
    set enabled(next: boolean) {
      enabled = next
      remember(kept, next ? 'on' : 'off')
    },
    to: seq => stand(all(`[data-seq="${seq}"]`)[0]),
    onkeydown(event, help) {
      if (!enabled || event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return
      const target = event.target as HTMLElement
      if (target.closest('input, textarea, select, dialog, [contenteditable]')) return
      // Left and right scroll a wide program or table that has the focus.
      if (event.key.startsWith('Arrow') && target.matches('[tabindex="0"]')) return
      if (act(event.key, help)) event.preventDefault()
    },
  }
}
