namespace Platform.Api.Conventions;

/// <summary>What an answer without a body of its own shall say, left on the request by whoever refused it.</summary>
internal sealed record RefusalDetail(string Text)
{
    public static void Set(HttpContext context, string text) => context.Features.Set(new RefusalDetail(text));

    public static string? Find(HttpContext context) => context.Features.Get<RefusalDetail>()?.Text;
}
