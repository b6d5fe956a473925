// Builds the published package: JavaScript and declarations from src/ into dist/, with the files that lie beside the code.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { buildPackage } from './build-package.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = join(root, 'src/viewer/page')

buildPackage(join(root, 'dist'))
// The viewer's page, for its server and for pages that are saved.
for (const mode of ['production', 'static']) await build({ configFile: join(page, 'vite.config.ts'), mode })
console.log('built dist/')
