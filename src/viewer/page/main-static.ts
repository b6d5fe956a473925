import { mount } from 'svelte'
import type { StaticData } from '../api.ts'
import App from './app.svelte'
import './style.css'
import { staticSource } from './lib/static-source.ts'
import { applyTheme } from './lib/theme.svelte.ts'

applyTheme()
const data = JSON.parse(document.querySelector('#codesteer-data')!.textContent ?? '') as StaticData
mount(App, { target: document.querySelector('#app')!, props: { source: staticSource(data) } })
