using System.Diagnostics;
using Segno;

// One more engine in a warm process: made, asked for 1+1, disposed. Medians in microseconds, and the three parts apart.
// .NET compiles what it has seen often with all optimizations only when nothing new has come for a while: the warm-up is one of time.
const int WarmUpInMilliseconds = 3000;
const int Rounds = 2000;

var whole = new double[Rounds];
var making = new double[Rounds];
var evaluating = new double[Rounds];
var again = new double[Rounds];
var disposing = new double[Rounds];
long begin = Stopwatch.GetTimestamp();
int i = -1;
while (i < Rounds)
{
    long start = Stopwatch.GetTimestamp();
    var engine = new Engine();
    long made = Stopwatch.GetTimestamp();
    int answer = engine.Evaluate<int>("1+1");
    long evaluated = Stopwatch.GetTimestamp();
    engine.Evaluate<int>("1+1");
    long evaluatedAgain = Stopwatch.GetTimestamp();
    engine.Dispose();
    long disposed = Stopwatch.GetTimestamp();
    if (answer != 2)
    {
        throw new InvalidOperationException("1+1 is 2");
    }

    if (i >= 0)
    {
        making[i] = Microseconds(start, made);
        evaluating[i] = Microseconds(made, evaluated);
        again[i] = Microseconds(evaluated, evaluatedAgain);
        disposing[i] = Microseconds(evaluatedAgain, disposed);
        whole[i] = making[i] + evaluating[i] + disposing[i];
        i++;
    }
    else if (Stopwatch.GetElapsedTime(begin).TotalMilliseconds > WarmUpInMilliseconds)
    {
        i = 0;
    }
}

Console.WriteLine(FormattableString.Invariant($"engine start, median of {Rounds}: {Median(whole):F1} us (new {Median(making):F1}, first 1+1 {Median(evaluating):F1}, dispose {Median(disposing):F1}; a second 1+1 {Median(again):F1})"));

static double Microseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMicroseconds;

static double Median(double[] values)
{
    Array.Sort(values);
    return values[values.Length / 2];
}
