import { getContext, setContext } from 'svelte'
import type { Source } from './source.ts'

const key = Symbol('source')

export const provideSource = (source: Source) => setContext(key, source)

/** The page's source; to be called while a component is set up. */
export const useSource = () => getContext<Source>(key)
