#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-QEConvergenceSeries' {
    $calls = @{
        Cmdlet         = 'New-QEConvergenceSeries'
        Prepare        = {
            Set-Content Al.upf -Value '<UPF version="2.0.1"><PP_HEADER element="Al" pseudo_type="NC" functional="PBE" z_valence="3.0" wfc_cutoff="30.0" rho_cutoff="120.0" is_ultrasoft="F" is_paw="F" core_correction="F"/></UPF>'
            Get-MPStructure Al -Source Bundled
        }
        Run            = { param($With, $Place) $Place.Data | New-QEConvergenceSeries $Place.Fresh() -EcutWfcValue 30, 40 -PseudopotentialPath . @With }
        ByParameter    = { param($With, $Place) New-QEConvergenceSeries $Place.Fresh() -Structure $Place.Data -EcutWfcValue 30, 40 -PseudopotentialPath . @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Structure = $Place.Data } | New-QEConvergenceSeries $Place.Fresh() -EcutWfcValue 30, 40 -PseudopotentialPath . @With }
        Fail           = { param($With, $Place) $Place.Data | New-QEConvergenceSeries $Place.Fresh() -PseudopotentialPath . @With }
        FailId         = 'ConvergenceSettingMissing'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'changes what it is asked to change, and nothing else' {
        $folder = New-Item (Join-Path $TestDrive 'upf') -ItemType Directory
        Set-Content (Join-Path $folder 'Al.upf') -Value '<UPF version="2.0.1"><PP_HEADER element="Al" pseudo_type="NC" functional="PBE" z_valence="3.0" wfc_cutoff="30.0" rho_cutoff="120.0" is_ultrasoft="F" is_paw="F" core_correction="F"/></UPF>'
        $made = Get-MPStructure Al -Source Bundled -First 1 | New-QEConvergenceSeries (Join-Path $TestDrive 'series') -EcutWfcValue 30, 45 -KPointMesh 2, 2, 2 -PseudopotentialPath $folder -WarningAction SilentlyContinue
        $texts = $made | ForEach-Object { Get-Content (Join-Path $_.FolderPath 'pw.in') }
        $texts -match '^\s*ecutwfc' -replace '\s' | Should -Be 'ecutwfc=30', 'ecutwfc=45'
        $lines = $made | ForEach-Object { (Get-Content (Join-Path $_.FolderPath 'pw.in') | Where-Object { $_ -notmatch 'ecut(wfc|rho)|conv_thr' }) -join "`n" }
        $lines | Select-Object -Unique | Should -HaveCount 1
    }
}
