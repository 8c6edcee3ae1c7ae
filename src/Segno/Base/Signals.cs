using System.Runtime.InteropServices;

namespace Segno.Base;

/// <summary>The fault signals of x64 Linux: who serves them, on which stack, and how a process dies of one.</summary>
internal static unsafe partial class Signals
{
    public const int Illegal = 4;
    public const int Trap = 5;
    public const int Bus = 7;
    public const int FloatingPoint = 8;
    public const int Segmentation = 11;

    /// <summary>One more than the largest of the above.</summary>
    public const int Count = 12;

    /// <summary>The handler takes three arguments: signal, siginfo_t, ucontext_t.</summary>
    private const int FlagSigInfo = 4;
    private const int FlagOnStack = 0x0800_0000;
    private const ulong LastSpecialHandler = 1;
    private const int AlternateStackDisabled = 2;
    private const ulong AlternateStackSize = 64 * 1024;

    [ThreadStatic]
    private static AlternateStackMemory? t_alternateStack;

    [ThreadStatic]
    private static bool t_hasAlternateStack;

    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    public static string NameOf(int signal) => signal switch
    {
        Illegal => "SIGILL",
        Trap => "SIGTRAP",
        Bus => "SIGBUS",
        FloatingPoint => "SIGFPE",
        Segmentation => "SIGSEGV",
        _ => "?",
    };

    /// <summary>
    /// The handler that serves a signal with three arguments now, or 0 where there is none to pass the signal on to.
    /// </summary>
    public static ulong HandlerOf(int signal)
    {
        SignalAction action;
        return Action(signal, null, &action) == 0 && action.Handler > LastSpecialHandler && (action.Flags & FlagSigInfo) != 0 ? action.Handler : 0;
    }

    /// <summary>Puts a handler in the place of the one that is there; mask and flags stay as they are, but for the alternate stack.</summary>
    public static bool Replace(int signal, ulong handler)
    {
        SignalAction action;
        if (Action(signal, null, &action) != 0)
        {
            return false;
        }

        action.Handler = handler;
        action.Flags |= FlagOnStack;
        return Action(signal, &action, null) == 0;
    }

    /// <summary>Gives this thread a stack for signal handlers if it has none: .NET sets up those of its own threads.</summary>
    public static void EnsureAlternateStack()
    {
        if (t_hasAlternateStack || !IsSupported)
        {
            return;
        }

        t_hasAlternateStack = true;
        SignalStack stack;
        if (AlternateStack(null, &stack) != 0 || (stack.Flags & AlternateStackDisabled) == 0)
        {
            return;
        }

        var memory = new AlternateStackMemory(AlternateStackSize);
        if (memory.Start != 0)
        {
            stack = new SignalStack { Start = memory.Start, Size = AlternateStackSize };
            t_alternateStack = AlternateStack(&stack, null) == 0 ? memory : null;
        }
    }

    /// <summary>Ends the process by a signal's default action, so that whoever waits for it sees what it died of.</summary>
    public static void Die(int signal)
    {
        SignalAction action = default;
        _ = Action(signal, &action, null);
        _ = Raise(signal);
        // Only where the signal is blocked.
        Exit(128 + signal);
    }

    /// <summary>struct sigaction of x64 Linux, the same in glibc and musl.</summary>
    private struct SignalAction
    {
        public ulong Handler;
        public fixed ulong Mask[16];
        public int Flags;
        public ulong Restorer;
    }

    private struct SignalStack
    {
        public ulong Start;
        public int Flags;
        public ulong Size;
    }

    /// <summary>Lives as long as its thread, whose static it is.</summary>
    private sealed class AlternateStackMemory(ulong size)
    {
        public ulong Start { get; } = OsMemory.MapSparse(size);

        ~AlternateStackMemory()
        {
            if (Start != 0)
            {
                OsMemory.Release(Start, size);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int Action(int signal, SignalAction* action, SignalAction* previous);

    [LibraryImport("libc", EntryPoint = "sigaltstack")]
    private static partial int AlternateStack(SignalStack* stack, SignalStack* previous);

    [LibraryImport("libc", EntryPoint = "raise")]
    private static partial int Raise(int signal);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int status);
}
