#!/usr/bin/env node
// Plain JavaScript that any Node can read: an older one gets the mend instead of a syntax error.
var parts = process.versions.node.split('.').map(Number)
if (parts[0] < 22 || (parts[0] === 22 && parts[1] < 13)) {
  process.stderr.write(
    'codesteer needs Node 22.13 or newer; this is ' +
      process.versions.node +
      '.\n' +
      'Install a current Node (https://nodejs.org), or run it with one from npm: npx -p node@24 -p codesteer codesteer …\n',
  )
  process.exit(2)
} else {
  import('../dist/cli/main.js').then(cli => cli.main())
}
