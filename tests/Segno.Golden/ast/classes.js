// dump: ast
class Point extends Base {
  static count = 0;
  x = 1;
  constructor(x) { super(x); this.x = x; }
  get length() { return this.x; }
  static { Point.count++; }
  #secret = 1;
  has(o) { return #secret in o; }
}
