using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

internal sealed record EncodedParameter(ParameterResource Parameter, string Format, string Name);

/// <summary>What the resources written so far refer to: the manifest has to define all of it.</summary>
internal sealed class ManifestReferences
{
    private readonly Dictionary<string, IResource> resources = [];
    private readonly List<EncodedParameter> encoded = [];
    private readonly Dictionary<string, ConditionalExpression> conditionals = [];
    private readonly HashSet<object> visiting = [];

    public IEnumerable<ConditionalExpression> Conditionals => conditionals.Values;

    /// <summary>The manifest's text for a value. A parameter in a format of its own is a value with a name of its own.</summary>
    public string Add(object value)
    {
        Collect(value);
        return value switch
        {
            string text => text,
            ReferenceExpression expression and not ConditionalExpression => expression.Fill([.. expression.ValueProviders.Select((provider, i) => Text(provider, expression.StringFormats[i]))]),
            IManifestExpressionProvider provider => provider.ValueExpression,
            _ => throw new DistributedApplicationException($"A {value.GetType().Name} cannot be written to the manifest."),
        };
    }

    /// <summary>In the order they were met; writing one of them may bring in more.</summary>
    public IEnumerable<IResource> NotIn(DistributedApplicationModel model)
    {
        for (var i = 0; i < resources.Count; i++)
        {
            var resource = resources.Values.ElementAt(i);
            if (!model.Resources.Contains(resource)) yield return resource;
        }
    }

    public IReadOnlyList<EncodedParameter> TakeEncoded(ParameterResource? of = null)
    {
        List<EncodedParameter> taken = [.. encoded.Where(e => of is null || e.Parameter == of)];
        encoded.RemoveAll(taken.Contains);
        return taken;
    }

    private string Text(IValueProvider provider, string? format) => format is not null && provider is ParameterResource parameter
        ? $"{{{Encode(parameter, format).Name}.value}}"
        : ((IManifestExpressionProvider)provider).ValueExpression;

    private EncodedParameter Encode(ParameterResource parameter, string format)
    {
        var entry = new EncodedParameter(parameter, format, $"{parameter.Name}-{format}-encoded");
        if (!encoded.Contains(entry)) encoded.Add(entry);
        return entry;
    }

    private void Collect(object value)
    {
        if (value is ConditionalExpression conditional) conditionals.TryAdd(conditional.Name, conditional);
        if (value is IResource resource) resources.TryAdd(resource.Name, resource);
        else if (value is IValueWithReferences holder && visiting.Add(value))
        {
            foreach (var reference in holder.References) Collect(reference);
            visiting.Remove(value);
        }
    }
}
