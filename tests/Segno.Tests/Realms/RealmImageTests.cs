using Segno.Heap;
using Segno.Realms;
using Segno.Tests.Frames;
using Xunit;

namespace Segno.Tests.Realms;

/// <summary>A realm stamped from the image is the one that the tables make (D17).</summary>
public sealed class RealmImageTests
{
    /// <summary>All that a script can find from the global object, each object by the number under which it was found first.</summary>
    private const string Everything = """
        (function() {
            var found = [globalThis], text = [];
            function nameOf(value) {
                if (Object(value) !== value) return typeof value + ':' + String(value);
                var index = found.indexOf(value);
                return '#' + (index < 0 ? found.push(value) - 1 : index);
            }
            for (var i = 0; i < found.length; i++) {
                var o = found[i];
                text.push(i + ' ' + typeof o + ' ' + Object.prototype.toString.call(o) + Object.isExtensible(o) + ' < ' + nameOf(Object.getPrototypeOf(o)));
                Reflect.ownKeys(o).forEach(function(key) {
                    var d = Object.getOwnPropertyDescriptor(o, key);
                    text.push('  ' + String(key) + ' ' + d.enumerable + d.configurable + d.writable + ' ' + ('value' in d ? nameOf(d.value) : nameOf(d.get) + nameOf(d.set)));
                });
            }
            return found.length + '\n' + text.join('\n');
        })()
        """;

    /// <summary>The first two engines of a process are not stamped.</summary>
    private static ScriptFixture Stamped(int gcInterval = 0)
    {
        for (int i = 0; i < 2; i++)
        {
            using var earlier = new ScriptFixture();
        }

        return new ScriptFixture(gcInterval);
    }

    [Fact]
    public void AStampedRealmIsWhatTheTablesMake()
    {
        using ScriptFixture stamped = Stamped();
        string expected;
        using (var made = new ScriptFixture())
        {
            Intrinsics.Create(made.Agent);
            expected = made.Text(Everything);
        }

        Assert.True(expected.Length > 10_000);
        Assert.Equal(expected, stamped.Text(Everything));
    }

    [Fact]
    public void ItsMapsAndPrototypesWorkAsMade()
    {
        const string Program = "class A extends Array { get x() { return 1 } } var a = new A(1, 2); Object.prototype.y = 5; [a.x, a.length, a.y, [1.5].concat([2]), Math.max(1, 2), new Error('e').message, JSON.stringify({ a: [] }), (function() { return arguments.length })(1, 2), 'abc'[1], 'abc'.at(-1), new Map([[1, 2]]).get(1), [...new Set('aab')], Object.keys(Math).length, (function f() {}).name, Symbol.iterator in []].join('|')";
        using ScriptFixture stamped = Stamped();
        stamped.Equal("1|2|5|1.5,2|2|e|{\"a\":[]}|2|b|c|2|a,b|0|f|true", Program);
    }

    [Fact]
    public void RealmsOfOneImageShareNothing()
    {
        using (ScriptFixture first = Stamped())
        {
            first.Run("Math.max = 1; Array.prototype.push = 2; delete Object.keys; Object.prototype.spoiled = true; Object.freeze(JSON); String.prototype.at.own = 3; Object.setPrototypeOf(Error, null)");
            first.Agent.Heap.Collect(CollectionKind.Full);
        }

        using ScriptFixture second = Stamped();
        second.Equal("functionfunctionfunctionfalsetrueundefinedfunction", "typeof Math.max + typeof Array.prototype.push + typeof Object.keys + ('spoiled' in {}) + Object.isExtensible(JSON) + String.prototype.at.own + typeof Object.getPrototypeOf(Error)");
    }

    [Fact]
    public void CollectorsFindItInOrder()
    {
        using ScriptFixture stamped = Stamped(gcInterval: 40);
        string before = stamped.Text(Everything);
        stamped.Agent.Heap.Collect(CollectionKind.Full);
        stamped.Agent.Heap.Collect(CollectionKind.Scavenge);
        Assert.Equal(before, stamped.Text(Everything));
    }
}
