using System.Reflection;
using System.Text;

namespace Segno.Golden;

/// <summary>The public types and members of an assembly, one per line, sorted.</summary>
internal static class ApiListing
{
    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(static t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(type.FullName).Append('\n');
            const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
            IEnumerable<string> members = type.GetMembers(Declared)
                .Where(static m => IsVisible(m) && m.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null)
                .Select(static m => "  " + Describe(m))
                .Order(StringComparer.Ordinal);
            foreach (string member in members)
            {
                text.Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Kind(Type type) =>
        type.IsEnum ? "enum" : type.IsSubclassOf(typeof(Delegate)) ? "delegate" : type.IsValueType ? "struct" : type.IsSealed ? "sealed class" : "class";

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => (method.IsPublic || method.IsFamily) && !(method.IsSpecialName && method is MethodInfo && !method.Name.StartsWith("op_", StringComparison.Ordinal)),
        FieldInfo field => field.IsPublic && !field.IsSpecialName,
        PropertyInfo property => property.GetAccessors().Length > 0,
        _ => false,
    };

    private static string Describe(MemberInfo member) => member switch
    {
        MethodInfo method => $"{Short(method.ReturnType)} {method.Name}{Generics(method)}({Parameters(method.GetParameters())})",
        ConstructorInfo constructor => $"new({Parameters(constructor.GetParameters())})",
        PropertyInfo property => $"{Short(property.PropertyType)} {property.Name}{(property.GetIndexParameters() is { Length: > 0 } p ? $"[{Parameters(p)}]" : "")} {{ {string.Join(" ", property.GetAccessors().Select(static a => a.Name[..3]))} }}",
        FieldInfo { IsLiteral: true } constant => $"const {Short(constant.FieldType)} {constant.Name} = {constant.GetRawConstantValue()}",
        _ => member.ToString()!,
    };

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Short))}>" : "";

    private static string Parameters(ParameterInfo[] parameters) =>
        string.Join(", ", parameters.Select(static p => $"{Short(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? " = default" : "")}"));

    private static string Short(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Short))}>"
        : type.Name;
}
