namespace Vorel.Functions.Api.Access;

/// <summary>What an API key may do.</summary>
internal static class Scopes
{
    public const string Read = "read";
    public const string LeadsWrite = "leads:write";
    public const string ConversationsWrite = "conversations:write";
}
