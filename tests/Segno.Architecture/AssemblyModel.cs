using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Segno.Architecture;

/// <summary>A type that another one names: in a signature, a base, an attribute or an instruction.</summary>
internal readonly record struct Use(string From, string To);

/// <summary>What a type of the assembly is called and whether others see it.</summary>
internal readonly record struct TypeEntry(string Namespace, string Name, bool IsPublic);

/// <summary>The types of an assembly and which of them each one uses, read from metadata and code.</summary>
internal sealed class AssemblyModel
{
    private readonly MetadataReader _metadata;
    private readonly PEReader _image;
    private readonly UseCollector _collector;

    private AssemblyModel(PEReader image)
    {
        _image = image;
        _metadata = image.GetMetadataReader();
        _collector = new UseCollector(_metadata);
    }

    public HashSet<Use> Uses { get; } = [];

    public List<TypeEntry> Types { get; } = [];

    public static AssemblyModel Read(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        var model = new AssemblyModel(image);
        foreach (TypeDefinitionHandle handle in model._metadata.TypeDefinitions)
        {
            model.ReadType(handle);
        }

        return model;
    }

    private void ReadType(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        TypeDefinition outermost = _collector.Outermost(handle);
        string from = _collector.NameOf(handle);
        Types.Add(new TypeEntry(_metadata.GetString(outermost.Namespace), _metadata.GetString(type.Name), IsVisible(handle)));
        var used = new HashSet<TypeDefinitionHandle>();
        _collector.Collect(type.BaseType, used);
        foreach (InterfaceImplementationHandle implementation in type.GetInterfaceImplementations())
        {
            _collector.Collect(_metadata.GetInterfaceImplementation(implementation).Interface, used);
        }

        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            used.UnionWith(_metadata.GetFieldDefinition(field).DecodeSignature(_collector, null));
        }

        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            ReadMethod(_metadata.GetMethodDefinition(method), used);
        }

        foreach (TypeDefinitionHandle target in used)
        {
            Uses.Add(new Use(from, _collector.NameOf(target)));
        }
    }

    private void ReadMethod(MethodDefinition method, HashSet<TypeDefinitionHandle> used)
    {
        MethodSignature<HashSet<TypeDefinitionHandle>> signature = method.DecodeSignature(_collector, null);
        used.UnionWith(signature.ReturnType);
        foreach (HashSet<TypeDefinitionHandle> parameter in signature.ParameterTypes)
        {
            used.UnionWith(parameter);
        }

        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = _image.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            foreach (HashSet<TypeDefinitionHandle> local in _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_collector, null))
            {
                used.UnionWith(local);
            }
        }

        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            _collector.Collect(region.CatchType, used);
        }

        foreach (EntityHandle token in InstructionTokens.Of(body.GetILBytes()!))
        {
            _collector.Collect(token, used);
        }
    }

    private bool IsVisible(TypeDefinitionHandle handle)
    {
        while (true)
        {
            TypeDefinition type = _metadata.GetTypeDefinition(handle);
            if (!type.IsNested)
            {
                return (type.Attributes & System.Reflection.TypeAttributes.VisibilityMask) == System.Reflection.TypeAttributes.Public;
            }

            if ((type.Attributes & System.Reflection.TypeAttributes.VisibilityMask) != System.Reflection.TypeAttributes.NestedPublic)
            {
                return false;
            }

            handle = type.GetDeclaringType();
        }
    }
}
