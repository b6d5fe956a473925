import { mount } from 'svelte'
import App from './app.svelte'
import './style.css'
import { serverSource } from './lib/server-source.ts'
import { applyTheme } from './lib/theme.svelte.ts'

applyTheme()
mount(App, { target: document.querySelector('#app')!, props: { source: serverSource() } })
