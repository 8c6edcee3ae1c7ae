// Constructors that are closures of one site share feedback and code: their maps are many, what each constructs is known. Slow
// constructions and first calls of other closures must not take the optimized code away.
var Class = { create: function () { return function () { this.initialize.apply(this, arguments) } } };
var Point = Class.create(), Line = Class.create(), Box = Class.create(), Tagged = Class.create();
Point.prototype = { initialize: function (x, y) { this.x = x ? x : 0; this.y = y ? y : 0 }, sum: function () { return this.x + this.y } };
Line.prototype = { initialize: function (a, b) { this.a = new Point(a, b); this.b = new Point(b) }, sum: function () { return this.a.sum() * 3 + this.b.sum() } };
Box.prototype = { initialize: function (l) { this.l = new Line(l, l + 1); this.m = new Line(l) }, sum: function () { return this.l.sum() - this.m.sum() } };
Tagged.prototype = { initialize: function () { this.n = arguments.length; if (this.n == 3) throw new Error("three") }, sum: function () { return this.n } };
function make(kind, i) { return new kind(i, i + 1) }
function nested(i) { return new Box(i).sum() + new Line(i, 2).sum() + new Tagged(i).sum() }

var total = 0, kinds = [Point, Line, Box, Tagged];
for (var i = 0; i < 4000; i++) { total += nested(i); total += make(kinds[i & 3], i).sum() || 0 }
print(total);
try { new Tagged(1, 2, 3) } catch (e) { print(e.message) }

// The method of one class changes, an object answers for its class, a method throws in the midst.
Point.prototype.initialize = function (x) { this.x = x; this.y = 1000 };
for (var i = 0; i < 500; i++) total += nested(i);
print(total);
Line.prototype.initialize = function () { return { } };
Box.prototype.initialize = function (l) { this.l = this.m = { sum: function () { return l } }; if (l == 499) throw new RangeError("last") };
try { for (var i = 0; i < 500; i++) total += new Box(i).sum() + new Point(i).sum() } catch (e) { print(e.name) }
print(total);
