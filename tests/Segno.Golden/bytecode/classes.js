// dump: bytecode
class Animal {
  legs = 4;
  static count = 0;
  constructor(name) { this.name = name; Animal.count++; }
  get title() { return `${this.name}!`; }
}
class Dog extends Animal {
  speak(...words) { return super.speak?.(...words) ?? words.length; }
}
