using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Segno.Architecture;

/// <summary>Finds the types of the same assembly behind tokens and signatures.</summary>
internal sealed class UseCollector(MetadataReader metadata) : ISignatureTypeProvider<HashSet<TypeDefinitionHandle>, object?>
{
    public TypeDefinition Outermost(TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        while (type.IsNested)
        {
            type = metadata.GetTypeDefinition(type.GetDeclaringType());
        }

        return type;
    }

    /// <summary>Namespace and name of the outermost type around a type.</summary>
    public string NameOf(TypeDefinitionHandle handle)
    {
        TypeDefinition type = Outermost(handle);
        return metadata.GetString(type.Namespace) + ":" + metadata.GetString(type.Name);
    }

    public void Collect(EntityHandle handle, HashSet<TypeDefinitionHandle> into)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                into.Add((TypeDefinitionHandle)handle);
                break;
            case HandleKind.TypeSpecification:
                into.UnionWith(metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null));
                break;
            case HandleKind.MethodDefinition:
                into.Add(metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                into.Add(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Collect(metadata.GetMemberReference((MemberReferenceHandle)handle).Parent, into);
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification specification = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Collect(specification.Method, into);
                foreach (HashSet<TypeDefinitionHandle> argument in specification.DecodeSignature(this, null))
                {
                    into.UnionWith(argument);
                }

                break;
        }
    }

    public HashSet<TypeDefinitionHandle> GetArrayType(HashSet<TypeDefinitionHandle> elementType, ArrayShape shape) => elementType;

    public HashSet<TypeDefinitionHandle> GetByReferenceType(HashSet<TypeDefinitionHandle> elementType) => elementType;

    public HashSet<TypeDefinitionHandle> GetFunctionPointerType(MethodSignature<HashSet<TypeDefinitionHandle>> signature)
    {
        var all = new HashSet<TypeDefinitionHandle>(signature.ReturnType);
        foreach (HashSet<TypeDefinitionHandle> parameter in signature.ParameterTypes)
        {
            all.UnionWith(parameter);
        }

        return all;
    }

    public HashSet<TypeDefinitionHandle> GetGenericInstantiation(HashSet<TypeDefinitionHandle> genericType, ImmutableArray<HashSet<TypeDefinitionHandle>> typeArguments)
    {
        var all = new HashSet<TypeDefinitionHandle>(genericType);
        foreach (HashSet<TypeDefinitionHandle> argument in typeArguments)
        {
            all.UnionWith(argument);
        }

        return all;
    }

    public HashSet<TypeDefinitionHandle> GetGenericMethodParameter(object? genericContext, int index) => [];

    public HashSet<TypeDefinitionHandle> GetGenericTypeParameter(object? genericContext, int index) => [];

    public HashSet<TypeDefinitionHandle> GetModifiedType(HashSet<TypeDefinitionHandle> modifier, HashSet<TypeDefinitionHandle> unmodifiedType, bool isRequired) => unmodifiedType;

    public HashSet<TypeDefinitionHandle> GetPinnedType(HashSet<TypeDefinitionHandle> elementType) => elementType;

    public HashSet<TypeDefinitionHandle> GetPointerType(HashSet<TypeDefinitionHandle> elementType) => elementType;

    public HashSet<TypeDefinitionHandle> GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

    public HashSet<TypeDefinitionHandle> GetSZArrayType(HashSet<TypeDefinitionHandle> elementType) => elementType;

    public HashSet<TypeDefinitionHandle> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => [handle];

    public HashSet<TypeDefinitionHandle> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => [];

    public HashSet<TypeDefinitionHandle> GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);
}
