#!/usr/bin/env node
/*
 * The bin. Sandbank needs Node 24; this file is what an older Node sees first, so it is written in the JavaScript of
 * 2009 (the linter holds it to that) and either hands over to a Node 24 installed from npm, or says what is missing.
 */
'use strict';

var childProcess = require('child_process');
var fs = require('fs');
var path = require('path');
var url = require('url');

var NEEDED = 24;
var EXIT_CONFIGURATION = 3;
/* Set for the Node that is handed over to: if that one is too old as well, stop instead of going round in circles. */
var HANDED_OVER = 'SANDBANK_HANDED_OVER';

function majorOf(version) {
  return parseInt(String(version).replace(/^v/, ''), 10);
}

function fail(lines) {
  process.stderr.write('sandbank: ' + lines.join('\n') + '\n');
  process.exitCode = EXIT_CONFIGURATION;
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (unreadable) {
    return undefined;
  }
}

/* The npm package `node`, next to this package or further up: { version, binary }, the binary perhaps not there yet. */
function findNodePackage(from) {
  var folder = from;
  for (;;) {
    var candidate = path.join(folder, 'node_modules', 'node');
    var manifest = readJson(path.join(candidate, 'package.json'));
    if (manifest && manifest.name === 'node' && majorOf(manifest.version) >= NEEDED) {
      var binary = path.join(candidate, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
      return { version: manifest.version, binary: binary };
    }
    var parent = path.dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

function handOver(binary) {
  var environment = {};
  Object.keys(process.env).forEach(function (name) {
    environment[name] = process.env[name];
  });
  environment[HANDED_OVER] = process.version;
  var child = childProcess.spawn(binary, [__filename].concat(process.argv.slice(2)), {
    stdio: 'inherit',
    env: environment,
  });

  function pass(signal) {
    /* A terminal sends Ctrl-C to both processes; sending it again would look like a second, impatient one. */
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    child.kill(signal);
  }
  var signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  signals.forEach(function (signal) {
    process.on(signal, pass);
  });

  child.on('error', function (error) {
    fail(['cannot start ' + binary + ': ' + error.message]);
  });
  child.on('exit', function (code, signal) {
    signals.forEach(function (name) {
      process.removeListener(name, pass);
    });
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code;
  });
}

function onOldNode() {
  var found = process.env[HANDED_OVER] ? undefined : findNodePackage(path.dirname(__dirname));
  if (found && fs.existsSync(found.binary)) {
    handOver(found.binary);
    return;
  }
  var missing = 'Node ' + NEEDED + ' or later is needed; this is ' + process.version + '.';
  if (found) {
    fail([
      missing,
      'The npm package node@' +
        found.version +
        ' is installed, but its install script has not run, so it has no binary.',
      'Allow it with `npm install-scripts approve node` (npm 11.16 or later), then run `npm rebuild node`.',
    ]);
    return;
  }
  fail([
    missing,
    'Either install Node ' + NEEDED + ', or add it to this project from npm, where Sandbank finds it:',
    '  npm i -D node@' + NEEDED,
  ]);
}

function onGoodNode() {
  delete process.env[HANDED_OVER];
  var main = path.join(__dirname, '..', 'dist', 'cli', 'main.js');
  if (!fs.existsSync(main)) {
    var inRepository = fs.existsSync(path.join(__dirname, '..', 'src'));
    fail([
      'dist/cli/main.js is missing.',
      inRepository ? 'Build it with `npm run build`.' : 'This installation is incomplete; install the package again.',
    ]);
    return;
  }
  /* Hidden from the parser: before Node 10, import() is a syntax error that would hide the message about the version. */
  var load = new Function('specifier', 'return import(specifier)');
  load(url.pathToFileURL(main).href)
    .then(function (cli) {
      return cli.main(process.argv.slice(2));
    })
    .then(
      function (code) {
        process.exitCode = code;
      },
      function (error) {
        process.stderr.write('sandbank: ' + ((error && error.stack) || error) + '\n');
        process.exitCode = 1;
      }
    );
}

if (majorOf(process.versions.node) < NEEDED) onOldNode();
else onGoodNode();
