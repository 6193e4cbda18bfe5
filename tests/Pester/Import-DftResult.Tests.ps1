#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Import-DftResult' {
    $calls = @{
        Cmdlet         = 'Import-DftResult'
        Prepare        = {
            $null = New-Item 'a[1]' -ItemType Directory
            Copy-Item al-strain/strain_+0.0000/OUTCAR -Destination 'a[1]'
        }
        Run            = { param($With) 'al-strain' | Import-DftResult @With }
        ByParameter    = { param($With) Import-DftResult al-strain @With }
        ByPropertyName = { param($With) [pscustomobject]@{ FolderPath = 'al-strain' } | Import-DftResult @With }
        Wildcard       = { param($With) Import-DftResult al-strain/strain_+0.0[12]00/OUTCAR @With }
        Literal        = { param($With) Import-DftResult -LiteralPath 'a[1]/OUTCAR' @With }
        Fail           = { param($With) 'none', 'al-strain' | Import-DftResult @With }
        FailId         = 'PathNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
