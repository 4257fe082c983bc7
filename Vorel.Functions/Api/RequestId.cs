namespace Vorel.Functions.Api;

/// <summary>Names every request with an id of ours (a caller's own is not taken over), answered in <c>X-Request-Id</c>.</summary>
internal static class RequestId
{
    private static readonly object s_key = new();

    /// <summary>The id of this request.</summary>
    public static string Of(HttpContext context)
    {
        if (context.Items.TryGetValue(s_key, out var known))
        {
            return (string)known!;
        }

        var id = Guid.CreateVersion7().ToString("D");
        context.Items[s_key] = id;
        return id;
    }
}
