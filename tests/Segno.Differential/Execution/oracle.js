// Runs programs in node, for comparison: the protocol of ChildProtocol, each program in a context of its own. Natives are taken out
// of the text, since what they ask for must not be visible anyway; their arguments stay.
'use strict';
const vm = require('vm');
const readline = require('readline');

function run(source) {
  let output = '';
  const context = vm.createContext({ print: (...values) => { if (output.length < 1 << 20) output += values.map(String).join(' ') + '\n'; } });
  const text = source.replace(/%[A-Za-z_]+\(([^()]*)\)/g, 'void [$1]');
  try {
    vm.runInContext(text, context, { filename: 'program.js', timeout: 5000 });
  } catch (e) {
    if (e && e.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return ['Limit', 'timeout'];
    output += 'uncaught ' + (e !== null && typeof e === 'object' && 'name' in e ? e.name : String(e).split(':')[0]) + '\n';
  }
  return ['Finished', output];
}

readline.createInterface({ input: process.stdin, terminal: false }).on('line', (line) => {
  const source = Buffer.from(line.slice(line.indexOf(' ') + 1), 'base64').toString('utf8');
  const [kind, text] = run(source);
  process.stdout.write('outcome ' + kind + ' ' + Buffer.from(text, 'utf8').toString('base64') + '\n');
});
