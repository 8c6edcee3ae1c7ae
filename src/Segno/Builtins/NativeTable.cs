using Segno.Bytecode;
using Segno.Layouts;
using Segno.Objects;
using Segno.Runtime;
using Segno.Syntax;

namespace Segno.Builtins;

/// <summary>The natives, one row each: how many arguments the parser demands (-1: any number), and the body.</summary>
internal sealed unsafe class NativeTable : INativeTable
{
    private const int Any = -1;

    public static readonly NativeTable Instance = new();

    private readonly nint[] _bodies = new nint[(int)NativeId.Count];
    private readonly int[] _argumentCounts = new int[(int)NativeId.Count];
    private readonly Dictionary<string, NativeId> _ids = new(StringComparer.Ordinal);

    private NativeTable()
    {
        Set(NativeId.AbortJS, 1, &NativeHeap.AbortJS);
        Set(NativeId.AllocateHeapNumber, 0, &NativeValues.AllocateHeapNumber);
        Set(NativeId.ArrayBufferDetach, Any, &NativeTypedArrays.ArrayBufferDetach);
        Set(NativeId.ArraySpeciesProtector, 0, &NativeProtectors.ArraySpeciesProtector);
        Set(NativeId.Call, Any, &NativeValues.Call);
        Set(NativeId.ClearFunctionFeedback, 1, &NativeTiering.ClearFunctionFeedback);
        Set(NativeId.CollectGarbage, Any, &NativeHeap.CollectGarbage);
        Set(NativeId.CompleteInobjectSlackTracking, 1, &NativeObjects.CompleteInobjectSlackTracking);
        Set(NativeId.ConstructConsString, 2, &NativeValues.ConstructConsString);
        Set(NativeId.ConstructDouble, 2, &NativeValues.ConstructDouble);
        Set(NativeId.DeoptimizeFunction, 1, &NativeTiering.DeoptimizeFunction);
        Set(NativeId.DeoptimizeNow, 0, &NativeTiering.DeoptimizeNow);
        Set(NativeId.EnqueueMicrotask, 1, &NativeJobs.EnqueueMicrotask);
        Set(NativeId.FlattenString, 1, &NativeValues.FlattenString);
        Set(NativeId.GeneratorGetFunction, 1, &NativeObjects.GeneratorGetFunction);
        Set(NativeId.GetHoleNaNLower, 0, &NativeValues.GetHoleNaNLower);
        Set(NativeId.GetHoleNaNUpper, 0, &NativeValues.GetHoleNaNUpper);
        Set(NativeId.GetOptimizationStatus, Any, &NativeTiering.GetOptimizationStatus);
        Set(NativeId.HasDictionaryElements, 1, &NativeObjects.HasDictionaryElements);
        Set(NativeId.HasDoubleElements, 1, &NativeObjects.HasDoubleElements);
        Set(NativeId.HasFastProperties, 1, &NativeObjects.HasFastProperties);
        Set(NativeId.HasFixedBigInt64Elements, 1, &NativeTypedArrays.HasFixedBigInt64Elements);
        Set(NativeId.HasFixedBigUint64Elements, 1, &NativeTypedArrays.HasFixedBigUint64Elements);
        Set(NativeId.HasFixedFloat16Elements, 1, &NativeTypedArrays.HasFixedFloat16Elements);
        Set(NativeId.HasFixedFloat32Elements, 1, &NativeTypedArrays.HasFixedFloat32Elements);
        Set(NativeId.HasFixedFloat64Elements, 1, &NativeTypedArrays.HasFixedFloat64Elements);
        Set(NativeId.HasFixedInt16Elements, 1, &NativeTypedArrays.HasFixedInt16Elements);
        Set(NativeId.HasFixedInt32Elements, 1, &NativeTypedArrays.HasFixedInt32Elements);
        Set(NativeId.HasFixedInt8Elements, 1, &NativeTypedArrays.HasFixedInt8Elements);
        Set(NativeId.HasFixedUint16Elements, 1, &NativeTypedArrays.HasFixedUint16Elements);
        Set(NativeId.HasFixedUint32Elements, 1, &NativeTypedArrays.HasFixedUint32Elements);
        Set(NativeId.HasFixedUint8Elements, 1, &NativeTypedArrays.HasFixedUint8Elements);
        Set(NativeId.HasFixedUint8ClampedElements, 1, &NativeTypedArrays.HasFixedUint8ClampedElements);
        Set(NativeId.HasHoleyElements, 1, &NativeObjects.HasHoleyElements);
        Set(NativeId.HasObjectElements, 1, &NativeObjects.HasObjectElements);
        Set(NativeId.HasSloppyArgumentsElements, 1, &NativeObjects.HasSloppyArgumentsElements);
        Set(NativeId.HasSmiElements, 1, &NativeObjects.HasSmiElements);
        Set(NativeId.HasSmiOrObjectElements, 1, &NativeObjects.HasSmiOrObjectElements);
        Set(NativeId.HaveSameMap, 2, &NativeObjects.HaveSameMap);
        Set(NativeId.HeapObjectVerify, 1, &NativeHeap.HeapObjectVerify);
        Set(NativeId.ICsAreEnabled, 0, &NativeTiering.ICsAreEnabled);
        Set(NativeId.InternalizeString, 1, &NativeValues.InternalizeString);
        Set(NativeId.IsArray, 1, &NativeValues.IsArray);
        Set(NativeId.IsConcurrentRecompilationSupported, 0, &NativeTiering.IsConcurrentRecompilationSupported);
        Set(NativeId.IsJSReceiver, 1, &NativeValues.IsJSReceiver);
        Set(NativeId.IsSmi, 1, &NativeValues.IsSmi);
        Set(NativeId.MapIteratorProtector, 0, &NativeProtectors.MapIteratorProtector);
        Set(NativeId.MaxSmi, 0, &NativeValues.MaxSmi);
        Set(NativeId.NeverOptimizeFunction, 1, &NativeTiering.NeverOptimizeFunction);
        Set(NativeId.NormalizeElements, 1, &NativeObjects.NormalizeElements);
        Set(NativeId.NotifyContextDisposed, 0, &NativeHeap.NotifyContextDisposed);
        Set(NativeId.OptimizeFunctionOnNextCall, Any, &NativeTiering.OptimizeFunctionOnNextCall);
        Set(NativeId.OptimizeObjectForAddingMultipleProperties, 2, &NativeObjects.OptimizeObjectForAddingMultipleProperties);
        Set(NativeId.OptimizeOsr, Any, &NativeTiering.OptimizeOsr);
        Set(NativeId.PerformMicrotaskCheckpoint, 0, &NativeJobs.PerformMicrotaskCheckpoint);
        Set(NativeId.PrepareFunctionForOptimization, Any, &NativeTiering.PrepareFunctionForOptimization);
        Set(NativeId.RunningInSimulator, 0, &NativeTiering.RunningInSimulator);
        Set(NativeId.SetAllocationTimeout, Any, &NativeHeap.SetAllocationTimeout);
        Set(NativeId.SetIteratorProtector, 0, &NativeProtectors.SetIteratorProtector);
        Set(NativeId.SimulateNewspaceFull, 0, &NativeHeap.SimulateNewspaceFull);
        Set(NativeId.StringIteratorProtector, 0, &NativeProtectors.StringIteratorProtector);
        Set(NativeId.StringMaxLength, 0, &NativeValues.StringMaxLength);
        Set(NativeId.StringParseInt, 2, &NativeValues.StringParseInt);
        Set(NativeId.ToFastProperties, 1, &NativeObjects.ToFastProperties);
        Set(NativeId.ToLength, 1, &NativeValues.ToLength);
        Set(NativeId.TryMigrateInstance, 1, &NativeObjects.TryMigrateInstance);
        for (int i = 0; i < _bodies.Length; i++)
        {
            if (_bodies[i] == 0)
            {
                throw new InvalidOperationException("no body for " + (NativeId)i);
            }
        }
    }

    private void Set(NativeId id, int argumentCount, delegate*<Agent, RegisterList, Value> body)
    {
        _bodies[(int)id] = (nint)body;
        _argumentCounts[(int)id] = argumentCount;
        _ids.Add(id.ToString(), id);
    }

    /// <summary>The old inlined forms, <c>%_Name</c>, are the same functions.</summary>
    public bool TryFind(string name, out int id, out int argumentCount)
    {
        bool found = _ids.TryGetValue(name.StartsWith('_') ? name[1..] : name, out NativeId native);
        id = (int)native;
        argumentCount = found ? _argumentCounts[id] : Any;
        return found;
    }

    public static Value Call(Agent agent, NativeId id, RegisterList arguments) =>
        ((delegate*<Agent, RegisterList, Value>)Instance._bodies[(int)id])(agent, arguments);

    // ---- arguments -------------------------------------------------------------------------------------------

    /// <summary>An argument, or undefined where fewer were passed.</summary>
    public static Value Argument(RegisterList arguments, int index) => index < arguments.Count ? arguments[index] : Value.Undefined;

    public static JSObject RequireObject(Agent agent, RegisterList arguments, int index, NativeId id) =>
        JSObject.TryAs(arguments[index], out JSObject obj) ? obj : throw Wrong(agent, index, id, "an object");

    public static JSString RequireString(Agent agent, RegisterList arguments, int index, NativeId id) =>
        arguments[index].IsString ? JSString.Cast(arguments[index]) : throw Wrong(agent, index, id, "a string");

    public static double RequireNumber(Agent agent, RegisterList arguments, int index, NativeId id) =>
        Argument(arguments, index) is { IsNumber: true } number ? number.AsNumber : throw Wrong(agent, index, id, "a number");

    public static JSException Wrong(Agent agent, int index, NativeId id, string expected) =>
        agent.TypeError($"Argument {(index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)} of %{id} is not {expected}");
}
