var lines = [], sum = 0, logged = 0;
function show(v, depth) {
  switch (typeof v) {
    case 'number': return v === 0 && 1 / v < 0 ? '-0' : String(v);
    case 'string': return v.length > 60 ? '"' + v.slice(0, 60) + '"#' + v.length : '"' + v + '"';
    case 'bigint': return v + 'n';
    case 'symbol': return 'symbol';
    case 'function': return 'function';
    case 'object': break;
    default: return String(v);
  }
  if (v === null) return 'null';
  if (v instanceof Error) return v.name;
  var parts = [], i;
  if (Array.isArray(v)) {
    if (depth > 2) return '[...]';
    for (i = 0; i < v.length && i < 12; i++) parts.push(i in v ? show(v[i], depth + 1) : '<hole>');
    return '[' + parts.join() + ']#' + v.length;
  }
  if (depth > 2) return '{...}';
  var keys = Object.keys(v);
  for (i = 0; i < keys.length && i < 12; i++) {
    var own = Object.getOwnPropertyDescriptor(v, keys[i]);
    parts.push(keys[i] + ':' + ('value' in own ? show(own.value, depth + 1) : 'accessor'));
  }
  return '{' + parts.join() + '}#' + keys.length;
}
function mix(text) {
  for (var i = 0; i < text.length && i < 100; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) | 0;
}
function note(v) {
  if (typeof v === 'number') {
    sum = (Math.imul(sum, 33) + (v | 0) + (v !== v ? 7 : 0) + (v === 0 && 1 / v < 0 ? 11 : 0) + (v !== (v | 0) ? 13 : 0)) | 0;
  } else {
    mix(show(v, 1));
  }
}
function log(v) {
  var text = show(v, 0);
  mix(text);
  if (logged++ < 400) lines.push(text);
}
function cut(s) { return typeof s === 'string' && s.length > 120 ? s.slice(0, 40) : s; }
