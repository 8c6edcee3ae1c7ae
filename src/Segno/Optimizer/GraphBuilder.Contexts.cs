using Segno.Frames;
using Segno.Graph;
using Segno.Layouts;
using Segno.Runtime;

namespace Segno.Optimizer;

/// <summary>Contexts, and names that are looked up in them at run time.</summary>
internal sealed partial class GraphBuilder
{
    private void CreateContext(int scopeInfo, int slots) => _env.Accumulator = NewContext(scopeInfo, slots, Undefined);

    /// <summary>The object of a with statement, in the accumulator, is what the context finds names in first.</summary>
    private void CreateWithContext(int scopeInfo) => _env.Accumulator = NewContext(scopeInfo, 0, _env.Accumulator);

    private NodeId NewContext(int scopeInfo, int slots, NodeId extension)
    {
        NodeId context = Allocate(Context.SlotsOffset + (slots * 8), _s.Realm.ContextMap, NodeType.Internal);
        InitializeField(context, Context.ScopeInfoOffset, PoolConstant(scopeInfo));
        InitializeField(context, Context.PreviousOffset, _env.Context);
        InitializeField(context, Context.ExtensionOffset, extension);
        InitializeField(context, Context.NativeContextOffset, Constant(_s.Realm.NativeContext));
        InitializeRaw(context, Context.LengthOffset, slots);
        InitializeRaw(context, Context.SpareOffset, 0);
        for (int i = 0; i < slots; i++)
        {
            InitializeField(context, Context.SlotsOffset + (i * 8), Undefined);
        }

        return context;
    }

    private void LookupLoad(RuntimeId id, int name) => _env.Accumulator = CallRuntime(id, PoolConstant(name), _env.Context, _function.Closure);

    private void LookupStore(int name, int flags) =>
        _env.Accumulator = CallRuntime(RuntimeId.StoreLookupSlot, PoolConstant(name), _env.Accumulator, Int32(flags), _env.Context);
}
