class A { constructor(x) { this.x = x; } static s = 1; f = 2; get y() { return this.x } }
class B extends A { constructor() { super(1); } m() { return super.m() } }
