namespace Vorel.Core.Crm.Http;

/// <summary>An answer of a provider that cannot be used. The message is ours and quotes nothing of it.</summary>
internal sealed class CrmUnreadableException(string what) : Exception(what);
